#pragma once

#include <string>
#include <vector>

namespace voicecast {

/// The GStreamer elements that voicecast needs and this machine lacks, each with the Debian package that brings it:
/// "lamemp3enc (gstreamer1.0-plugins-ugly)". Empty when all is there. After gst_init().
std::vector<std::string> missing_elements();

}  // namespace voicecast
