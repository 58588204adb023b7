// SPDX-License-Identifier: MIT
#include "gst/warm_up.hpp"

#include <atomic>
#include <thread>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

void load_plugin_of(const char* element) {
  auto* factory = gst_element_factory_find(element);
  if (!factory) return;  // missing elements are reported at the start
  auto* loaded = gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory));
  gst_object_unref(factory);
  if (loaded) gst_object_unref(loaded);
}

void make_dtls_certificate() {
  auto* decoder = gst_element_factory_make("dtlsdec", nullptr);
  if (decoder) gst_object_unref(gst_object_ref_sink(decoder));
}

/// Shared with the thread, which may outlive other static objects.
std::atomic<bool> is_ended = false, is_over = true;

/// A step may take a second on a busy machine and cannot be interrupted.
void do_all() {
  for (const auto* element : {"webrtcbin", "rtpbin", "srtpenc", "rtpopusdepay"})
    if (!is_ended) load_plugin_of(element);
  if (!is_ended) make_dtls_certificate();
  is_over = true;
}

}  // namespace

void warm_up() {
  is_over = false;
  std::thread(do_all).detach();
}

void end_warm_up() { is_ended = true; }

bool is_warm_up_over() { return is_over; }

}  // namespace voicecast
