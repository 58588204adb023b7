// SPDX-License-Identifier: MIT
#include "webrtc/rtcp.hpp"

#include <gst/gst.h>

#include <algorithm>

#include "gst/gst.hpp"
#include "rtp/rtcp_packet.hpp"

namespace voicecast {
namespace {

/// The RTCP bandwidth, which determines the interval: 25 ms with two members. Actual use is lower: reports have their
/// own interval (rtcp-min-interval), and feedback is sent after losses only.
constexpr double feedback_bps = 64000;

/// The one RTP session of a bundle; null before there is one.
GPtr<GObject> rtp_session(GstElement* webrtcbin) {
  const auto rtpbin = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  GObject* session = nullptr;
  if (rtpbin) g_signal_emit_by_name(rtpbin.get(), "get-internal-session", 0U, &session);
  return GPtr<GObject>::adopt(session);
}

ReceptionReport read(const GstStructure* source) {
  guint fraction = 0, jitter = 0, round_trip = 0;
  gint lost = 0;
  gst_structure_get(source, "rb-fractionlost", G_TYPE_UINT, &fraction, "rb-packetslost", G_TYPE_INT, &lost, "rb-jitter",
                    G_TYPE_UINT, &jitter, "rb-round-trip", G_TYPE_UINT, &round_trip, nullptr);
  return {fraction / fraction_lost_units, std::max(lost, 0), std::chrono::duration<double>(jitter / opus_clock_hz),
          std::chrono::duration<double>(round_trip / ntp_short_hz)};
}

}  // namespace

std::optional<ReceptionReport> reception_report(GstElement* webrtcbin) {
  const auto session = rtp_session(webrtcbin);
  if (!session) return std::nullopt;
  GstStructure* raw = nullptr;
  g_object_get(session.get(), "stats", &raw, nullptr);
  const Structure stats(raw);
  const GValue* value = stats ? gst_structure_get_value(stats.get(), "source-stats") : nullptr;
  const auto* sources = value ? static_cast<const GValueArray*>(g_value_get_boxed(value)) : nullptr;
  for (guint i = 0; sources && i < sources->n_values; ++i) {
    const auto* source = static_cast<const GstStructure*>(g_value_get_boxed(&sources->values[i]));
    gboolean has_report = FALSE;
    if (gst_structure_get_boolean(source, "have-rb", &has_report) && has_report) return read(source);
  }
  return std::nullopt;
}

void allow_early_feedback(GstElement* webrtcbin) {
  if (const auto session = rtp_session(webrtcbin)) g_object_set(session.get(), "rtcp-fraction", feedback_bps, nullptr);
}

}  // namespace voicecast
