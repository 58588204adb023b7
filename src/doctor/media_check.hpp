// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/place.hpp"

namespace voicecast {

/// What there is of GStreamer.
struct MediaFacts {
  unsigned major = 0, minor = 0;
  std::string version;               ///< "1.22.0"
  std::string webrtc_version;        ///< Of webrtcbin's plugin; empty where there is none.
  std::vector<std::string> missing;  ///< As missing_elements() gives them.
  std::string text_error;            ///< Why a text of pipelines/ is no good; empty where all are.
  std::string pipelines;             ///< The operator's own texts, or empty.
  Place registry;                    ///< Where GStreamer keeps what it knows of its plugins.
};

/// After gst_init() behind a RegistryCopy, which knows the registry's place. Main thread.
MediaFacts look_at_media(const Config& config, const Place& registry);

/// Pure.
Findings check_media(const MediaFacts& facts);

}  // namespace voicecast
