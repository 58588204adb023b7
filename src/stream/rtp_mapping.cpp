// SPDX-License-Identifier: MIT
#include "stream/rtp_mapping.hpp"

#include "gst/gst.hpp"
#include "gst/mapped_bytes.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// The payload with a new header; null for invalid RTP.
GPtr<GstBuffer> mapped(GstBuffer* packet, unsigned payload_type) {
  const MappedBytes mapped(packet);
  const auto rtp = read_rtp(mapped.bytes());
  if (!rtp || !unpadded_payload(*rtp)) return {};
  const auto header = plain_header(*rtp, payload_type);
  const auto payload_at = mapped.bytes().size() - rtp->payload.size();
  auto result = GPtr<GstBuffer>::adopt(gst_buffer_new_memdup(header.data(), rtp->header.size()));
  gst_buffer_copy_into(result.get(), packet, GST_BUFFER_COPY_METADATA, 0, static_cast<gsize>(-1));
  gst_buffer_copy_into(result.get(), packet, GST_BUFFER_COPY_MEMORY, payload_at, static_cast<gsize>(-1));
  return result;
}

GPtr<GstEvent> mapped_caps(GstEvent* event, unsigned payload_type) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  const auto copy = GPtr<GstCaps>::adopt(gst_caps_copy(caps));
  auto* structure = gst_caps_get_structure(copy.get(), 0);
  gst_structure_set(structure, "payload", G_TYPE_INT, static_cast<int>(payload_type), nullptr);
  gst_structure_filter_and_map_in_place(
      structure,
      [](GQuark field, GValue*, gpointer) -> gboolean {
        return !g_str_has_prefix(g_quark_to_string(field), "extmap-");
      },
      nullptr);
  return GPtr<GstEvent>::adopt(gst_event_new_caps(copy.get()));
}

/// The elements behind the pad would reject the sender's payload type, which would end the whole stream.
GstPadProbeReturn answer_query(GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_set_accept_caps_result(query, TRUE);
    return GST_PAD_PROBE_HANDLED;
  }
  if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return GST_PAD_PROBE_OK;
  const auto rtp = GPtr<GstCaps>::adopt(gst_caps_new_empty_simple("application/x-rtp"));
  gst_query_set_caps_result(query, rtp.get());
  return GST_PAD_PROBE_HANDLED;
}

GstPadProbeReturn map_data(GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
  const unsigned payload_type = GPOINTER_TO_UINT(p);
  if (info->type & GST_PAD_PROBE_TYPE_QUERY_BOTH) return answer_query(GST_PAD_PROBE_INFO_QUERY(info));
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    auto packet = mapped(GST_PAD_PROBE_INFO_BUFFER(info), payload_type);
    if (!packet) return GST_PAD_PROBE_DROP;
    gst_buffer_unref(GST_PAD_PROBE_INFO_BUFFER(info));
    info->data = packet.release();
  } else if (auto* event = GST_PAD_PROBE_INFO_EVENT(info); GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    info->data = mapped_caps(event, payload_type).release();
    gst_event_unref(event);
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

void map_packets(GstPad* source, unsigned payload_type) {
  constexpr auto what = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                                     GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM | GST_PAD_PROBE_TYPE_PUSH);
  gst_pad_add_probe(source, what, map_data, GUINT_TO_POINTER(payload_type), nullptr);
}

}  // namespace voicecast
