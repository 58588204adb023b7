// SPDX-License-Identifier: MIT
#include "publish/shout_events.hpp"

#include <gst/base/gstbasesink.h>

#include <mutex>

namespace voicecast {
namespace {

decltype(GstBaseSinkClass::event) take_event;

/// Passes a copy with a single reference, so that a leaked reference is detectable.
gboolean take_event_and_give_it_back(GstBaseSink* sink, GstEvent* event) noexcept {
  auto* copy = gst_event_copy(event);
  gst_event_unref(event);
  const gboolean taken = take_event(sink, gst_event_ref(copy));
  if (GST_MINI_OBJECT_REFCOUNT_VALUE(copy) > 1) gst_event_unref(copy);
  gst_event_unref(copy);
  return taken;
}

}  // namespace

void give_back_events(GstElement* shout2send) {
  if (!g_str_equal(G_OBJECT_TYPE_NAME(shout2send), "GstShout2send")) return;
  static std::once_flag once;
  std::call_once(once, [type = GST_BASE_SINK_GET_CLASS(shout2send)] {
    take_event = type->event;
    type->event = take_event_and_give_it_back;
  });
}

}  // namespace voicecast
