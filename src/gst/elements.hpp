// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/publish_config.hpp"

namespace voicecast {

/// The GStreamer elements that voicecast needs and this machine lacks, each with the Debian package that brings it:
/// "lamemp3enc (gstreamer1.0-plugins-ugly)". Empty when all is there. After gst_init().
std::vector<std::string> missing_elements();

/// The same of what pushing streams to these places takes.
std::vector<std::string> missing_elements(std::span<const PublishConfig> publish);

/// The pipelines/ texts that it takes.
std::vector<std::string> texts_for(std::span<const PublishConfig> publish);

}  // namespace voicecast
