// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/place.hpp"

namespace voicecast {

/// Where a group of file:// records.
struct RecordingPlace {
  std::string group;  ///< "[publish.attic]"
  Place directory;
  unsigned bitrate_kbps = 0;
};

/// Asks the file system.
std::vector<RecordingPlace> look_at_recordings(const Config& config);

/// Pure.
Findings check_recordings(const std::vector<RecordingPlace>& places);

}  // namespace voicecast
