#include "media/elements.hpp"

#include "glib/gst.hpp"

namespace voicecast {

std::vector<std::string> missing_elements() {
  static constexpr struct {
    const char* element;
    const char* package;
  } needed[] = {
      {"tee", "libgstreamer1.0-0"},
      {"valve", "libgstreamer1.0-0"},
      {"audioconvert", "gstreamer1.0-plugins-base"},
      {"audioresample", "gstreamer1.0-plugins-base"},
      {"opusdec", "gstreamer1.0-plugins-base"},
      {"appsink", "gstreamer1.0-plugins-base"},
      {"rtpbin", "gstreamer1.0-plugins-good"},
      {"rtpopusdepay", "gstreamer1.0-plugins-good"},
      {"webrtcbin", "gstreamer1.0-plugins-bad"},
      {"dtlsenc", "gstreamer1.0-plugins-bad"},
      {"srtpenc", "gstreamer1.0-plugins-bad"},
      {"lamemp3enc", "gstreamer1.0-plugins-ugly"},
      {"nicesrc", "gstreamer1.0-nice"},
  };
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

}  // namespace voicecast
