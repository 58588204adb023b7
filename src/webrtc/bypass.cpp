// SPDX-License-Identifier: MIT
#include "webrtc/bypass.hpp"

#include "base/background.hpp"
#include "gst/gst.hpp"
#include "gst/transports.hpp"

namespace voicecast {
namespace {

using OnRtcp = std::function<void(std::vector<std::uint8_t>)>;

/// RFC 7983 §7: the first bytes of DTLS.
constexpr guint8 dtls_first = 20, dtls_last = 63;

GstPadProbeReturn keep_all_but_dtls(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) return GST_PAD_PROBE_DROP;
  guint8 first = 0;
  gst_buffer_extract(GST_PAD_PROBE_INFO_BUFFER(info), 0, &first, 1);
  return first >= dtls_first && first <= dtls_last ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

GstPadProbeReturn take_rtcp(GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
  const auto& on_rtcp = *static_cast<OnRtcp*>(p);
  const auto take = [&on_rtcp](GstBuffer* buffer) {
    std::vector<std::uint8_t> packet(gst_buffer_get_size(buffer));
    gst_buffer_extract(buffer, 0, packet.data(), packet.size());
    on_rtcp(std::move(packet));
  };
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    take(GST_PAD_PROBE_INFO_BUFFER(info));
  } else {
    auto* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) take(gst_buffer_list_get(list, i));
  }
  return GST_PAD_PROBE_DROP;
}

constexpr auto packets = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);

}  // namespace

Connection bypass(GstElement* webrtcbin, OnRtcp on_rtcp) {
  return {webrtcbin, "deep-element-added", [on_rtcp = std::move(on_rtcp)](GstElement*, GstBin*, GstElement* element) {
            if (is_ice_sink(element)) {
              const auto exit = GPtr<GstPad>::adopt(gst_element_get_static_pad(element, "sink"));
              gst_pad_add_probe(exit.get(), packets, keep_all_but_dtls, nullptr, nullptr);
            } else if (is_made_by(element, "dtlssrtpdec")) {
              const auto rtcp = GPtr<GstPad>::adopt(gst_element_get_static_pad(element, "rtcp_src"));
              gst_pad_add_probe(rtcp.get(), packets, take_rtcp, new OnRtcp(on_rtcp),
                                [](gpointer p) { delete static_cast<OnRtcp*>(p); });
            }
          }};
}

void end_reports(GstElement* webrtcbin) {
  in_background("ending the reports of a receiver", [session = find_element(webrtcbin, "rtpsession")] {
    if (!session) return;
    // Locked, so that the pipeline does not start it again; it has no packets to pass on.
    gst_element_set_locked_state(session.get(), TRUE);
    gst_element_set_state(session.get(), GST_STATE_NULL);
  });
}

std::string cname(GstElement* webrtcbin) {
  const auto rtpbin = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  GstStructure* raw = nullptr;
  if (rtpbin) g_object_get(rtpbin.get(), "sdes", &raw, nullptr);
  const Structure sdes(raw);
  const char* name = sdes ? gst_structure_get_string(sdes.get(), "cname") : nullptr;
  return name ? name : "voicecast";
}

}  // namespace voicecast
