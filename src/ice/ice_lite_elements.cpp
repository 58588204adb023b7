// SPDX-License-Identifier: MIT
#include "ice/ice_lite_elements.hpp"

#include <gst/base/gstbasesink.h>
#include <netinet/in.h>

#include "gst/compat.hpp"

namespace voicecast {
namespace {

// --- voicecasticesrc

struct IceSource {
  GstElement parent;
  GstPad* pad;
  std::shared_ptr<IceSession>* session;
  gboolean is_begun;  ///< the initial events were sent; used by the thread of give_packet()
};
struct IceSourceClass {
  GstElementClass parent_class;
};

G_DEFINE_TYPE(IceSource, ice_source, GST_TYPE_ELEMENT)

GstStaticPadTemplate source_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-rtp"));

GstStateChangeReturn ice_source_change_state(GstElement* element, GstStateChange change) noexcept {
  if (change == GST_STATE_CHANGE_READY_TO_NULL) (*reinterpret_cast<IceSource*>(element)->session)->close();
  const auto result = GST_ELEMENT_CLASS(ice_source_parent_class)->change_state(element, change);
  // A live source has no preroll.
  return result == GST_STATE_CHANGE_SUCCESS && change == GST_STATE_CHANGE_READY_TO_PAUSED ? GST_STATE_CHANGE_NO_PREROLL
                                                                                          : result;
}

void ice_source_finalize(GObject* object) noexcept {
  delete reinterpret_cast<IceSource*>(object)->session;
  G_OBJECT_CLASS(ice_source_parent_class)->finalize(object);
}

void ice_source_class_init(IceSourceClass* type) {
  auto* element = GST_ELEMENT_CLASS(type);
  G_OBJECT_CLASS(type)->finalize = ice_source_finalize;
  element->change_state = ice_source_change_state;
  gst_element_class_add_static_pad_template(element, &source_template);
  gst_element_class_set_static_metadata(element, "ICE source", "Source/Network", "Packets of one peer of an ICE port",
                                        "voicecast");
}

gboolean answer_query(GstPad* pad, GstObject* parent, GstQuery* query) noexcept {
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  gst_query_set_latency(query, TRUE, 0, GST_CLOCK_TIME_NONE);
  return TRUE;
}

GPtr<GstElement> element_behind(GstPad* source) {
  const auto sink = GPtr<GstPad>::adopt(gst_pad_get_peer(source));
  return sink ? GPtr<GstElement>::adopt(gst_pad_get_parent_element(sink.get())) : GPtr<GstElement>();
}

/// webrtcbin makes the queue behind this source block when it is full, once ICE is connected. The port's thread serves
/// all peers: it must not block, and this peer's oldest packets are dropped instead.
void keep_leaky(GstPad* pad, GstPad*, gpointer) noexcept {
  const auto filter = element_behind(pad);
  const auto out = filter ? GPtr<GstPad>::adopt(gst_element_get_static_pad(filter.get(), "src")) : GPtr<GstPad>();
  const auto queue = out ? element_behind(out.get()) : GPtr<GstElement>();
  const auto downstream =
      queue ? compat::enum_value(G_OBJECT_GET_CLASS(queue.get()), "leaky", "downstream") : std::nullopt;
  if (!downstream) return;
  g_signal_connect(queue.get(), "notify::leaky", G_CALLBACK(+[](GObject* changed, GParamSpec*, gpointer wanted) {
                     int leaky = 0;
                     g_object_get(changed, "leaky", &leaky, nullptr);
                     if (leaky != GPOINTER_TO_INT(wanted))
                       g_object_set(changed, "leaky", GPOINTER_TO_INT(wanted), nullptr);
                   }),
                   GINT_TO_POINTER(*downstream));
}

void ice_source_init(IceSource* self) {
  self->pad = gst_pad_new_from_static_template(&source_template, "src");
  gst_pad_set_query_function(self->pad, answer_query);
  g_signal_connect(self->pad, "linked", G_CALLBACK(keep_leaky), nullptr);
  gst_element_add_pad(GST_ELEMENT(self), self->pad);
  GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SOURCE);
}

void begin(IceSource* self) {
  gst_pad_push_event(self->pad, gst_event_new_stream_start("ice"));
  auto* caps = gst_caps_new_empty_simple("application/x-rtp");
  gst_pad_push_event(self->pad, gst_event_new_caps(caps));
  gst_caps_unref(caps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_push_event(self->pad, gst_event_new_segment(&segment));
}

GstClockTime running_time(GstElement* element) {
  const auto clock = GPtr<GstObject>::adopt(GST_OBJECT_CAST(gst_element_get_clock(element)));
  const auto base = gst_element_get_base_time(element);
  const auto now = clock ? gst_clock_get_time(GST_CLOCK_CAST(clock.get())) : GST_CLOCK_TIME_NONE;
  return clock && now > base ? now - base : GST_CLOCK_TIME_NONE;
}

// --- voicecasticesink

struct IceSink {
  GstBaseSink parent;
  std::shared_ptr<IcePath>* path;
};
struct IceSinkClass {
  GstBaseSinkClass parent_class;
};

G_DEFINE_TYPE(IceSink, ice_sink, GST_TYPE_BASE_SINK)

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

GstFlowReturn ice_sink_render(GstBaseSink* base, GstBuffer* buffer) noexcept {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return GST_FLOW_OK;
  // A packet that the kernel does not accept is lost, as on the network.
  send_by((*reinterpret_cast<IceSink*>(base)->path)->get(), {map.data, map.size});
  gst_buffer_unmap(buffer, &map);
  return GST_FLOW_OK;
}

GstFlowReturn ice_sink_render_list(GstBaseSink* base, GstBufferList* list) noexcept {
  for (guint i = 0; i < gst_buffer_list_length(list); ++i) ice_sink_render(base, gst_buffer_list_get(list, i));
  return GST_FLOW_OK;
}

void ice_sink_finalize(GObject* object) noexcept {
  delete reinterpret_cast<IceSink*>(object)->path;
  G_OBJECT_CLASS(ice_sink_parent_class)->finalize(object);
}

void ice_sink_class_init(IceSinkClass* type) {
  auto* element = GST_ELEMENT_CLASS(type);
  G_OBJECT_CLASS(type)->finalize = ice_sink_finalize;
  GST_BASE_SINK_CLASS(type)->render = ice_sink_render;
  GST_BASE_SINK_CLASS(type)->render_list = ice_sink_render_list;
  gst_element_class_add_static_pad_template(element, &sink_template);
  gst_element_class_set_static_metadata(element, "ICE sink", "Sink/Network", "Packets to one peer of an ICE port",
                                        "voicecast");
}

void ice_sink_init(IceSink* self) { self->path = new std::shared_ptr<IcePath>(std::make_shared<IcePath>()); }

}  // namespace

void register_ice_elements() {
  static const bool once = [] {
    gst_element_register(nullptr, "voicecasticesrc", GST_RANK_NONE, ice_source_get_type());
    gst_element_register(nullptr, "voicecasticesink", GST_RANK_NONE, ice_sink_get_type());
    return true;
  }();
  static_cast<void>(once);
}

GPtr<GstElement> make_ice_source(std::shared_ptr<IceSession> session) {
  auto source = GPtr<GstElement>::adopt(gst_element_factory_make("voicecasticesrc", nullptr));
  reinterpret_cast<IceSource*>(source.get())->session = new std::shared_ptr<IceSession>(std::move(session));
  return source;
}

void give_packet(GstElement* source, std::span<const std::uint8_t> packet) {
  auto* self = reinterpret_cast<IceSource*>(source);
  if (!gst_pad_is_active(self->pad)) return;
  if (!std::exchange(self->is_begun, TRUE)) begin(self);
  auto* buffer = gst_buffer_new_memdup(packet.data(), packet.size());
  GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = running_time(source);
  gst_pad_push(self->pad, buffer);
}

GPtr<GstElement> make_ice_sink(std::shared_ptr<IcePath> path) {
  auto sink = GPtr<GstElement>::adopt(gst_element_factory_make("voicecasticesink", nullptr));
  g_object_set(sink.get(), "async", FALSE, "sync", FALSE, "enable-last-sample", FALSE, nullptr);
  *reinterpret_cast<IceSink*>(sink.get())->path = std::move(path);
  return sink;
}

}  // namespace voicecast
