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

/// Stops the threads that carry packets from the network through the elements. An element that is stopped under such a
/// thread forgets what stream it is in, and srtpdec asserts on that (seen in 1.22.0 as a critical of
/// gst_pad_create_stream_id, when a sender hung up with packets on their way).
void stop_queues(GstBin* bin) {
  for_each(gst_bin_iterate_all_by_element_factory_name(bin, "queue"),
           [](GstElement* queue) { gst_element_set_state(queue, GST_STATE_NULL); });
}

/// A webrtcbin works its tasks off within milliseconds. One that does not is stopped in the middle of them.
constexpr std::chrono::seconds tasks_limit{2};

/// Waits until webrtcbin's own thread has done what it was told so far. What it makes and starts while it is being
/// stopped would run, or keep itself, for ever (seen in 1.22.0: a nicesrc that was never stopped, a receive bin that
/// blocked its pad again). The last task is an answer that nobody wants: mostly it only fails, for there is no new
/// offer. Statistics would have names with SSRCs in them, each of which GLib keeps for ever as a quark.
///
/// A webrtcbin that has stopped its thread drops the promise without a reply (seen in 1.22.0). So what is waited for is
/// the promise's end, which comes after a reply, too: it breaks the std::promise that it owns.
void finish_tasks(GstElement* webrtcbin) {
  auto* owned = new std::promise<void>;
  const auto over = owned->get_future();
  auto promise = GPtr<GstPromise>::adopt(gst_promise_new_with_change_func(
      [](GstPromise*, gpointer) noexcept {}, owned, [](gpointer p) { delete static_cast<std::promise<void>*>(p); }));
  g_signal_emit_by_name(webrtcbin, "create-answer", nullptr, promise.get());
  promise = {};
  if (over.wait_for(tasks_limit) == std::future_status::ready) return;
  const GUnique<char> name(gst_object_get_name(GST_OBJECT(webrtcbin)));
  log_warning(std::string(name.get()) + " is stopped in the middle of its tasks, which do not end");
}

bool is_connected(GstElement* webrtcbin) {
  const auto dtls = dtls_transport(webrtcbin);
  GstWebRTCDTLSTransportState state = GST_WEBRTC_DTLS_TRANSPORT_STATE_NEW;
  if (dtls) g_object_get(dtls.get(), "state", &state, nullptr);
  return state == GST_WEBRTC_DTLS_TRANSPORT_STATE_CONNECTED;
}

/// Leaving takes microseconds, unless something is stuck; then the other side finds out by itself.
constexpr std::chrono::milliseconds close_notify_limit{200};

/// RFC 7983 §7: what begins like this is DTLS; RFC 8446 §5.1: and an alert.
constexpr guint8 dtls_alert = 21;

GstPadProbeReturn look_for_alert(GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
  guint8 first = 0;
  gst_buffer_extract(GST_PAD_PROBE_INFO_BUFFER(info), 0, &first, 1);
  if (first != dtls_alert) return GST_PAD_PROBE_OK;
  (*static_cast<std::shared_ptr<std::promise<void>>*>(p))->set_value();
  return GST_PAD_PROBE_REMOVE;
}

/// Closes DTLS (close_notify), which webrtcbin 1.22 leaves out when it stops: the other side would learn of the end
/// when its checks of ICE fail, half a minute later. An end of stream is how dtlsenc is told to.
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
  // The probe was asked with this lock held, which goes when the packet is sent.
  GST_PAD_STREAM_LOCK(last.get());
  GST_PAD_STREAM_UNLOCK(last.get());
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

template <class Visit>
void for_each_webrtcbin(GstElement* element, Visit visit) {
  for_each(gst_bin_iterate_all_by_element_factory_name(GST_BIN(element), "webrtcbin"), visit);
}

/// Under this name a webrtcbin holds its slot.
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
    deafen(webrtcbin);
  });
  stop_queues(GST_BIN(element));
  gst_element_set_state(element, GST_STATE_NULL);
  for_each_webrtcbin(element, [](GstElement* webrtcbin) { g_object_set_data(G_OBJECT(webrtcbin), slot_key, nullptr); });
}

}  // namespace voicecast
