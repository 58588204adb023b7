// SPDX-License-Identifier: MIT
#include "audio/voice_filter.hpp"

#include "audio/voice_pace.hpp"
#include "audio/voice_packet.hpp"
#include "gst/gst.hpp"
#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

/// The pipeline's clock, as for the pacer; it exists while the branch plays.
VoicePace::Time now(GstPad* pad) {
  const auto bin = GPtr<GstElement>::adopt(gst_pad_get_parent_element(pad));
  const auto clock = GPtr<GstObject>::adopt(bin ? GST_OBJECT(gst_element_get_clock(bin.get())) : nullptr);
  return VoicePace::Time(clock ? gst_clock_get_time(GST_CLOCK(clock.get())) : 0);
}

bool is_timely_voice(VoicePace& pace, VoicePace::Time now, GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return false;
  const auto voice = read_voice({map.data, map.size});
  gst_buffer_unmap(buffer, &map);
  return voice && pace.try_advance(now, opus_time(voice->samples), VoicePace::max_voice_ahead);
}

/// Whether to pass an event: all but losses too long to conceal.
bool may_pass(VoicePace& pace, VoicePace::Time now, GstEvent* event) {
  const auto* structure = gst_event_get_structure(event);
  GstClockTime duration = GST_CLOCK_TIME_NONE;
  if (GST_EVENT_TYPE(event) != GST_EVENT_CUSTOM_DOWNSTREAM || !gst_structure_has_name(structure, "GstRTPPacketLost"))
    return true;
  if (!gst_structure_get_clock_time(structure, "duration", &duration)) return false;
  const auto max = static_cast<GstClockTime>(std::chrono::nanoseconds(VoicePace::max_gap).count());
  return duration <= max && pace.try_advance(now, VoicePace::Time(duration), VoicePace::max_gap);
}

GstPadProbeReturn look_at(GstPad* pad, GstPadProbeInfo* info, gpointer p) noexcept {
  auto& pace = *static_cast<VoicePace*>(p);
  const bool is_buffer = (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0;
  const bool passes = is_buffer ? is_timely_voice(pace, now(pad), GST_PAD_PROBE_INFO_BUFFER(info))
                                : may_pass(pace, now(pad), GST_PAD_PROBE_INFO_EVENT(info));
  return passes ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

}  // namespace

Status let_voice_in_only(GstElement* bin) {
  const auto sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "sink"));
  if (!sink) return Error{ErrorCode::failed, "the branch has no unlinked sink pad for the tee"};
  gst_pad_add_probe(sink.get(),
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                    look_at, new VoicePace, [](gpointer p) { delete static_cast<VoicePace*>(p); });
  return success();
}

}  // namespace voicecast
