#include "media/warm_up.hpp"

#include <atomic>

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

void make_dtls_certificate() {
  auto* decoder = gst_element_factory_make("dtlsdec", nullptr);
  if (decoder) gst_object_unref(gst_object_ref_sink(decoder));
}

/// Each step may take a second on a busy machine, and a server that is told to stop has no use for those to come.
std::atomic<bool> is_over = false;

template <class Step>
void do_later(Step step) {
  in_background("loading plugins", [step] {
    if (!is_over) step();
  });
}

}  // namespace

void warm_up() {
  for (const auto* element : {"webrtcbin", "rtpbin", "srtpenc", "rtpopusdepay"})
    do_later([element] { load_plugin_of(element); });
  do_later(make_dtls_certificate);
}

void end_warm_up() { is_over = true; }

}  // namespace voicecast
