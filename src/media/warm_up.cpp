#include "media/warm_up.hpp"

#include "glib/background.hpp"
#include "glib/gst.hpp"

namespace voicecast {
namespace {

void load_plugin_of(const char* element) {
  auto* factory = gst_element_factory_find(element);
  if (!factory) return;  // what is missing was said at the start
  auto* loaded = gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory));
  gst_object_unref(factory);
  if (loaded) gst_object_unref(loaded);
}

}  // namespace

void warm_up() {
  in_background("loading plugins", [] {
    for (const auto* element : {"webrtcbin", "rtpbin", "srtpenc", "rtpopusdepay"}) load_plugin_of(element);
    auto* decoder = gst_element_factory_make("dtlsdec", nullptr);
    if (decoder) gst_object_unref(gst_object_ref_sink(decoder));
  });
}

}  // namespace voicecast
