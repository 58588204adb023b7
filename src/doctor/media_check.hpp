// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/directory_facts.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// The input of check_media(): the installed GStreamer.
struct MediaFacts {
  unsigned major = 0, minor = 0;
  std::string version;               ///< "1.22.0"
  std::string webrtc_version;        ///< The version of webrtcbin's plugin; empty if missing.
  std::vector<std::string> missing;  ///< From missing_elements().
  std::string text_error;            ///< The error in a text of pipelines/, or empty.
  std::string pipelines;             ///< The directory of --pipelines, or empty.
  DirectoryFacts registry;           ///< The directory of GStreamer's plugin registry.
};

/// Call it after gst_init() with a RegistryCopy, whose directory is `registry`. Main thread.
MediaFacts look_at_media(const Config& config, const DirectoryFacts& registry);

/// Pure.
Findings check_media(const MediaFacts& facts);

}  // namespace voicecast
