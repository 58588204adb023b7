// SPDX-License-Identifier: MIT
#include "gst/stop_element.hpp"

#include <gst/webrtc/webrtc.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "gst/gst.hpp"
#include "gst/transports.hpp"

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

/// Stops the threads that push packets from the network through the elements. An element that is stopped during such a
/// push loses its stream-start event, and srtpdec asserts on that (seen in 1.22.0 as a critical of
/// gst_pad_create_stream_id, when a sender disconnected with packets in flight).
void stop_queues(GstBin* bin) {
  for_each(gst_bin_iterate_all_by_element_factory_name(bin, "queue"),
           [](GstElement* queue) { gst_element_set_state(queue, GST_STATE_NULL); });
}

/// Ends the wait of a packet for room in a jitter buffer, which would hold up stop_queues() for ever: lost packets have
/// room in it too, and behind a talker whose sequence numbers jump it can stay full (seen in 1.22.0).
void flush_jitter_buffers(GstBin* bin) {
  for_each(gst_bin_iterate_all_by_element_factory_name(bin, "rtpjitterbuffer"), [](GstElement* jitter_buffer) {
    const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(jitter_buffer, "src"));
    gst_pad_set_active(pad.get(), FALSE);
  });
}

/// A webrtcbin finishes its tasks within milliseconds. After this time it is stopped in the middle of them.
constexpr std::chrono::seconds tasks_limit{2};

/// Waits until webrtcbin's thread has finished its pending tasks. Objects that these create during the stop would run
/// or leak for ever (seen in 1.22.0: a nicesrc that was never stopped, a receive bin that blocked its pad again). The
/// last task is a create-answer whose result is not used: it mostly fails, for there is no new offer. A statistics task
/// would create names with SSRCs, each of which GLib keeps for ever as a quark.
///
/// A webrtcbin without its thread drops the promise without a reply (seen in 1.22.0). So this waits for the end of the
/// promise, which also follows a reply: it breaks the std::promise that it owns.
void finish_tasks(GstElement* webrtcbin) {
  auto* owned = new std::promise<void>;
  const auto over = owned->get_future();
  auto promise = GPtr<GstPromise>::adopt(gst_promise_new_with_change_func(
      [](GstPromise*, gpointer) noexcept {}, owned, [](gpointer p) { delete static_cast<std::promise<void>*>(p); }));
  g_signal_emit_by_name(webrtcbin, "create-answer", nullptr, promise.get());
  promise = {};
  if (over.wait_for(tasks_limit) == std::future_status::ready) return;
  const GUnique<char> name(gst_object_get_name(GST_OBJECT(webrtcbin)));
  log_warning(std::string(name.get()) + " is stopped before its tasks have finished");
}

bool is_connected(GstElement* webrtcbin) {
  const auto dtls = dtls_transport(webrtcbin);
  GstWebRTCDTLSTransportState state = GST_WEBRTC_DTLS_TRANSPORT_STATE_NEW;
  if (dtls) g_object_get(dtls.get(), "state", &state, nullptr);
  return state == GST_WEBRTC_DTLS_TRANSPORT_STATE_CONNECTED;
}

/// Sending the alert takes microseconds unless the pipeline is stuck; then the peer detects the end by itself.
constexpr std::chrono::milliseconds close_notify_limit{200};

/// The content type of a DTLS record with an alert (RFC 8446 §5.1).
constexpr guint8 dtls_alert = 21;

GstPadProbeReturn look_for_alert(GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
  guint8 first = 0;
  gst_buffer_extract(GST_PAD_PROBE_INFO_BUFFER(info), 0, &first, 1);
  if (first != dtls_alert) return GST_PAD_PROBE_OK;
  (*static_cast<std::shared_ptr<std::promise<void>>*>(p))->set_value();
  return GST_PAD_PROBE_REMOVE;
}

/// Sends DTLS's close_notify alert, which webrtcbin 1.22 omits when it stops: the peer would detect the end by its ICE
/// checks, half a minute later. An EOS event makes dtlsenc send it.
void send_close_notify(GstElement* webrtcbin) {
  const auto encoder = find_element(webrtcbin, "dtlsenc");
  auto exit = find_element(webrtcbin, "nicesink");
  if (!exit) exit = find_element(webrtcbin, "voicecasticesink");
  if (!encoder || !exit || !is_connected(webrtcbin)) return;
  const auto last = GPtr<GstPad>::adopt(gst_element_get_static_pad(exit.get(), "sink"));
  const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(encoder.get(), "sink"));
  if (!last || !pad) return;
  const auto left = std::make_shared<std::promise<void>>();
  auto leaving = left->get_future();
  const auto probe = gst_pad_add_probe(last.get(), GST_PAD_PROBE_TYPE_BUFFER, look_for_alert,
                                       new std::shared_ptr<std::promise<void>>(left),
                                       [](gpointer p) { delete static_cast<std::shared_ptr<std::promise<void>>*>(p); });
  gst_pad_send_event(pad.get(), gst_event_new_eos());
  if (leaving.wait_for(close_notify_limit) != std::future_status::ready) return gst_pad_remove_probe(last.get(), probe);
  // The probe runs with this lock held; it is released when the packet has been sent.
  GST_PAD_STREAM_LOCK(last.get());
  GST_PAD_STREAM_UNLOCK(last.get());
}

/// Disconnects the receive bins from ICE state changes. In 1.22.0 one that gets a state change after its end blocks a
/// pad again, and so keeps itself, the agent's source and its sockets for ever (transportreceivebin.c,
/// _on_notify_ice_connection_state).
void disconnect_ice_signals(GstElement* webrtcbin) {
  const auto ice = ice_transport(webrtcbin);
  if (!ice) return;
  for_each(gst_bin_iterate_elements(GST_BIN(webrtcbin)), [&ice](GstElement* element) {
    if (g_str_equal(G_OBJECT_TYPE_NAME(element), "TransportReceiveBin"))
      g_signal_handlers_disconnect_by_data(ice.get(), element);
  });
}

template <class Visit>
void for_each_webrtcbin(GstElement* element, Visit visit) {
  for_each(gst_bin_iterate_all_by_element_factory_name(GST_BIN(element), "webrtcbin"), visit);
}

/// The data key of a webrtcbin's slot.
constexpr const char* slot_key = "voicecast-slot";

}  // namespace

void occupy(GstElement* webrtcbin, Slot slot) {
  g_object_set_data_full(G_OBJECT(webrtcbin), slot_key, new Slot(std::move(slot)),
                         [](gpointer p) { delete static_cast<Slot*>(p); });
}

void stop_element(GstElement* element) {
  for_each_webrtcbin(element, [](GstElement* webrtcbin) {
    send_close_notify(webrtcbin);
    finish_tasks(webrtcbin);  // including those of close_notify
    disconnect_ice_signals(webrtcbin);
  });
  flush_jitter_buffers(GST_BIN(element));
  stop_queues(GST_BIN(element));
  gst_element_set_state(element, GST_STATE_NULL);
  for_each_webrtcbin(element, [](GstElement* webrtcbin) { g_object_set_data(G_OBJECT(webrtcbin), slot_key, nullptr); });
}

}  // namespace voicecast
