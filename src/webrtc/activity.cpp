// SPDX-License-Identifier: MIT
#include "webrtc/activity.hpp"

#include <array>
#include <chrono>
#include <span>
#include <utility>

#include "gst/gst.hpp"
#include "gst/mapped_bytes.hpp"
#include "gst/transports.hpp"
#include "rtp/rtcp_packet.hpp"
#include "rtp/rtp_packet.hpp"
#include "rtp/source_guard.hpp"
#include "webrtc/dtls_keys.hpp"

namespace voicecast {
namespace {

using Shared = std::shared_ptr<Activity>;
using Time = MediaLimit::Time;

constexpr auto packets = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);

/// A placeholder for the payload type, where no RTP is expected.
constexpr unsigned no_payload_type = 128;

using Head = std::array<std::uint8_t, PacketFilter::head_bytes>;

std::span<const std::uint8_t> read_head(GstBuffer* packet, Head& head) {
  return std::span(head).first(gst_buffer_extract(packet, 0, head.data(), head.size()));
}

bool drop(DropReason reason) {
  PacketDrops::add(reason);
  return false;
}

bool end(Activity& activity) {
  activity.is_over = true;
  activity.on_excess(activity.limit.reason());
  return false;
}

/// Before webrtcbin's queue.
struct AtTheSource {
  Shared activity;
  bool admit(GstBuffer*& packet) {
    Head head;
    const auto bytes = read_head(packet, head);
    const auto reason = activity->filter.judge(bytes, gst_buffer_get_size(packet), Time::clock::now());
    return reason ? drop(*reason) : true;
  }
};

/// Before srtpdec.
struct BeforeDecryption {
  Shared activity;
  SourceGuard guard;
  bool admit(GstBuffer*& packet) {
    if (activity->is_over) return false;
    const MappedBytes mapped(packet);
    const auto verdict = guard.judge(mapped.bytes());
    if (verdict == SourceGuard::Verdict::unauthenticated) return drop(DropReason::unauthenticated);
    if (verdict == SourceGuard::Verdict::pass) return true;
    drop(DropReason::source);
    if (verdict == SourceGuard::Verdict::refused) return false;
    return activity->limit.judge_source(Time::clock::now()) == MediaLimit::Verdict::end ? end(*activity) : false;
  }
};

/// After srtpdec: the packets are authentic and free of duplicates.
struct Decrypted {
  Shared activity;

  bool admit(GstBuffer*& packet) {
    activity->is_authentic.store(true, std::memory_order_relaxed);
    if (activity->is_over) return false;
    Head head;
    if (read_head(packet, head).size() < head.size()) return drop(DropReason::malformed);
    const unsigned payload_type = head[1] & 0x7FU;
    const auto now = Time::clock::now();
    const auto verdict = activity->limit.judge(payload_type, now);
    if (verdict == MediaLimit::Verdict::end) return end(*activity);
    if (verdict == MediaLimit::Verdict::drop)
      return drop(activity->limit.is_agreed(payload_type) ? DropReason::rate : DropReason::payload_type);
    return activity->limit.is_voice(payload_type) ? map(packet, head, now) : admit_resent();
  }
  /// Retransmissions are of the first source; those of another source were never requested.
  bool admit_resent() const { return !activity->voice.has_switched() || drop(DropReason::source); }
  bool map(GstBuffer*& packet, const Head& head, Time now) {
    const auto mapped = activity->voice.map(head, now);
    if (!mapped) return drop(DropReason::source);
    if (!mapped->is_changed) return true;
    std::array<std::uint8_t, 10> numbers;
    write_u16(&numbers[0], mapped->sequence);
    write_u32(&numbers[2], mapped->timestamp);
    write_u32(&numbers[6], mapped->ssrc);
    packet = gst_buffer_make_writable(packet);
    gst_buffer_fill(packet, 2, numbers.data(), numbers.size());
    return true;
  }
};

/// rtpbin keeps state for each source in RTCP, and two threads for each sender: it gets a rewritten packet with the
/// parts that it uses.
struct DecryptedRtcp {
  Shared activity;

  bool admit(GstBuffer*& packet) {
    activity->is_authentic.store(true, std::memory_order_relaxed);
    activity->reports.store(true, std::memory_order_relaxed);
    if (activity->rtcp == Activity::Rtcp::all) return true;
    const auto kept = keep(packet);
    if (kept.empty()) return drop(DropReason::feedback);
    auto* rewritten = gst_buffer_new_memdup(kept.data(), kept.size());
    gst_buffer_copy_into(rewritten, packet, GST_BUFFER_COPY_METADATA, 0, static_cast<gsize>(-1));
    gst_buffer_unref(packet);
    packet = rewritten;
    return true;
  }
  std::vector<std::uint8_t> keep(GstBuffer* packet) const {
    const MappedBytes mapped(packet);
    if (activity->rtcp == Activity::Rtcp::reports) return reports_in(mapped.bytes());
    auto report = read_sender_report(mapped.bytes());
    const auto voice = report ? activity->voice.map_report(report->ssrc, report->rtp_time) : std::nullopt;
    if (!voice) return {};
    report->ssrc = voice->ssrc;
    report->rtp_time = voice->timestamp;
    return write_sender_report(*report);
  }
};

/// Passes each packet of a probe to `filter`, which may replace it, and drops those that it rejects.
template <class Filter>
GstPadProbeReturn filter_packets(GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    const bool passes = static_cast<Filter*>(p)->admit(buffer);
    info->data = buffer;
    return passes ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
  auto* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
  info->data = list;
  gst_buffer_list_foreach(
      list,
      [](GstBuffer** buffer, guint, gpointer filter) noexcept -> gboolean {
        if (!static_cast<Filter*>(filter)->admit(*buffer)) gst_clear_buffer(buffer);
        return TRUE;
      },
      p);
  return gst_buffer_list_length(list) > 0 ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

template <class Filter>
void add_filter(GstElement* element, const char* pad_name, Filter filter) {
  const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(element, pad_name));
  if (pad)
    gst_pad_add_probe(pad.get(), packets, filter_packets<Filter>, new Filter(std::move(filter)),
                      [](gpointer p) { delete static_cast<Filter*>(p); });
}

/// `decoder` is the element of the probe that needs its keys.
SourceGuard guard_of(Activity& activity, GstElement* decoder) {
  return {activity.filter, [decoder]() -> std::optional<SrtpKeys> {
            const auto keys = receiving_keys(decoder);
            return keys ? std::optional(*keys) : std::nullopt;
          }};
}

}  // namespace

Activity::Activity(unsigned packets_per_second)
    : filter(packets_per_second), limit(packets_per_second, no_payload_type) {}

Connection watch_activity(GstElement* webrtcbin, std::shared_ptr<Activity> activity) {
  return {webrtcbin, "deep-element-added", [activity = std::move(activity)](GstElement*, GstBin*, GstElement* element) {
            if (is_ice_source(element)) add_filter(element, "src", AtTheSource{activity});
            if (!is_made_by(element, "dtlssrtpdec")) return;
            add_filter(element, "sink", BeforeDecryption{activity, guard_of(*activity, element)});
            add_filter(element, "rtp_src", Decrypted{activity});
            add_filter(element, "rtcp_src", DecryptedRtcp{activity});
          }};
}

}  // namespace voicecast
