#include "media/stop_element.hpp"

#include <gst/webrtc/webrtc.h>

#include "glib/gst.hpp"

namespace voicecast {
namespace {

/// Calls `visit` with each element that the iterator gives, and frees the iterator.
template <class Visit>
void for_each(GstIterator* elements, Visit visit) {
  gst_iterator_foreach(
      elements,
      [](const GValue* item, gpointer p) noexcept { (*static_cast<Visit*>(p))(GST_ELEMENT(g_value_get_object(item))); },
      &visit);
  gst_iterator_free(elements);
}

/// Stops the threads that carry packets from the network through the elements. An element that is stopped under such a
/// thread forgets what stream it is in, and srtpdec asserts on that (seen in 1.22.0 as a critical of
/// gst_pad_create_stream_id, when a sender hung up with packets on their way).
void stop_queues(GstBin* bin) {
  for_each(gst_bin_iterate_all_by_element_factory_name(bin, "queue"),
           [](GstElement* queue) { gst_element_set_state(queue, GST_STATE_NULL); });
}

/// Waits until webrtcbin's own thread has done what it was told so far. What it makes and starts while it is being
/// stopped would run, or keep itself, for ever (seen in 1.22.0: a nicesrc that was never stopped, a receive bin that
/// blocked its pad again). The last task is an answer that nobody wants: mostly it only fails, for there is no new
/// offer. Statistics would have names with SSRCs in them, each of which GLib keeps for ever as a quark.
void finish_tasks(GstElement* webrtcbin) {
  const auto promise = GPtr<GstPromise>::adopt(gst_promise_new());
  g_signal_emit_by_name(webrtcbin, "create-answer", nullptr, promise.get());
  gst_promise_wait(promise.get());
}

GPtr<GObject> object_of(GObject* object, const char* property) {
  GObject* raw = nullptr;
  g_object_get(object, property, &raw, nullptr);
  return GPtr<GObject>::adopt(raw);
}

/// The ICE transport of the one m-line that we have; none before a description made it.
GPtr<GObject> ice_transport(GstElement* webrtcbin) {
  GObject* transceiver = nullptr;
  g_signal_emit_by_name(webrtcbin, "get-transceiver", 0, &transceiver);
  auto object = GPtr<GObject>::adopt(transceiver);
  for (const char* property : {"receiver", "transport", "transport"})
    if (object) object = object_of(object.get(), property);
  return object;
}

/// Keeps news of ICE from the bins that receive. In 1.22.0 one that hears of a new state after its end blocks a pad
/// again, and by that holds itself, the agent's source and its sockets for ever (transportreceivebin.c,
/// _on_notify_ice_connection_state).
void deafen(GstElement* webrtcbin) {
  const auto ice = ice_transport(webrtcbin);
  if (!ice) return;
  for_each(gst_bin_iterate_elements(GST_BIN(webrtcbin)), [&ice](GstElement* element) {
    if (g_str_equal(G_OBJECT_TYPE_NAME(element), "TransportReceiveBin"))
      g_signal_handlers_disconnect_by_data(ice.get(), element);
  });
}

}  // namespace

void stop_element(GstElement* element) {
  for_each(gst_bin_iterate_all_by_element_factory_name(GST_BIN(element), "webrtcbin"), [](GstElement* webrtcbin) {
    finish_tasks(webrtcbin);
    deafen(webrtcbin);
  });
  stop_queues(GST_BIN(element));
  gst_element_set_state(element, GST_STATE_NULL);
}

}  // namespace voicecast
