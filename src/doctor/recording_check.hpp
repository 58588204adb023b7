// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/directory_facts.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// The directory of a recording group (file://).
struct RecordingFacts {
  std::string group;  ///< "[publish.attic]"
  DirectoryFacts directory;
  unsigned bitrate_kbps = 0;
};

/// Checks the directories of all recording groups. Blocks on the file system.
std::vector<RecordingFacts> look_at_recordings(const Config& config);

/// Pure.
Findings check_recordings(const std::vector<RecordingFacts>& facts);

}  // namespace voicecast
