// SPDX-License-Identifier: MIT
#pragma once

#include <gst/app/gstappsink.h>

#include <utility>

#include "gst/gst.hpp"

namespace voicecast {

/// A copy of the buffer's bytes; null for an empty or unreadable buffer, because empty buffers must not enter
/// GStreamer. (Copied because an encoder's buffer keeps a twenty times larger one alive.) Any thread.
inline GPtr<GBytes> copy_of(GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return {};
  auto bytes = map.size > 0 ? GPtr<GBytes>::adopt(g_bytes_new(map.data, map.size)) : GPtr<GBytes>();
  gst_buffer_unmap(buffer, &map);
  return bytes;
}

/// Calls `take` with each buffer of an appsink, on its streaming thread. The buffer is valid during the call.
template <class F>
void on_buffers(GstElement* sink, F take) {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* from, gpointer p) noexcept {
    if (const auto sample = GPtr<GstSample>::adopt(gst_app_sink_pull_sample(from)))
      (*static_cast<F*>(p))(gst_sample_get_buffer(sample.get()));
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, new F(std::move(take)),
                             [](gpointer p) { delete static_cast<F*>(p); });
}

}  // namespace voicecast
