// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/publish_config.hpp"

namespace voicecast {

/// The required GStreamer elements that are not installed, each with its Debian package: "lamemp3enc
/// (gstreamer1.0-plugins-ugly)". Empty if all are installed. After gst_init(). Any thread.
std::vector<std::string> missing_elements();

/// The same for publishing streams to these targets. After gst_init(). Any thread.
std::vector<std::string> missing_elements(std::span<const PublishConfig> publish);

/// The names of the pipelines/ texts for publishing to these targets. Pure.
std::vector<std::string> texts_for(std::span<const PublishConfig> publish);

}  // namespace voicecast
