// SPDX-License-Identifier: MIT
#include "gst/elements.hpp"

#include <algorithm>

#include "gst/gst.hpp"

namespace voicecast {

namespace {

struct Needed {
  const char* element;
  const char* package;
};

std::vector<std::string> missing_of(std::span<const Needed> needed) {
  std::vector<std::string> missing;
  for (const auto& [element, package] : needed) {
    auto* found = gst_element_factory_find(element);
    if (found)
      gst_object_unref(found);
    else
      missing.push_back(std::string(element) + " (" + package + ")");
  }
  return missing;
}

bool any(std::span<const PublishConfig> publish, PublishTo to) {
  return std::ranges::find(publish, to, &PublishConfig::to) != publish.end();
}

bool any(std::span<const PublishConfig> publish, PublishFormat format) {
  return std::ranges::find(publish, format, &PublishConfig::format) != publish.end();
}

}  // namespace

std::vector<std::string> missing_elements() {
  static constexpr Needed needed[] = {
      {"tee", "libgstreamer1.0-0"},
      {"valve", "libgstreamer1.0-0"},
      {"audioconvert", "gstreamer1.0-plugins-base"},
      {"audioresample", "gstreamer1.0-plugins-base"},
      {"opusdec", "gstreamer1.0-plugins-base"},
      {"appsink", "gstreamer1.0-plugins-base"},
      {"oggmux", "gstreamer1.0-plugins-base"},
      {"rtpbin", "gstreamer1.0-plugins-good"},
      {"rtpopusdepay", "gstreamer1.0-plugins-good"},
      {"opusparse", "gstreamer1.0-plugins-bad"},
      {"webrtcbin", "gstreamer1.0-plugins-bad"},
      {"dtlsenc", "gstreamer1.0-plugins-bad"},
      {"srtpenc", "gstreamer1.0-plugins-bad"},
      {"lamemp3enc", "gstreamer1.0-plugins-ugly"},
      {"nicesrc", "gstreamer1.0-nice"},
  };
  return missing_of(needed);
}

std::vector<std::string> missing_elements(std::span<const PublishConfig> publish) {
  std::vector<Needed> needed;
  if (!publish.empty()) needed.push_back({"appsrc", "gstreamer1.0-plugins-base"});
  if (any(publish, PublishTo::icecast)) needed.push_back({"shout2send", "gstreamer1.0-plugins-good"});
  if (any(publish, PublishTo::file)) needed.push_back({"filesink", "libgstreamer1.0-0"});
  if (any(publish, PublishFormat::opus)) {
    needed.push_back({"opusparse", "gstreamer1.0-plugins-bad"});
    needed.push_back({"oggmux", "gstreamer1.0-plugins-base"});
  }
  return missing_of(needed);
}

std::vector<std::string> texts_for(std::span<const PublishConfig> publish) {
  std::vector<std::string> names;
  if (any(publish, PublishTo::icecast)) names.push_back("publish_icecast");
  if (any(publish, PublishTo::file)) names.push_back("record");
  if (any(publish, PublishFormat::opus)) names.insert(names.end(), {"opus", "ogg"});
  return names;
}

}  // namespace voicecast
