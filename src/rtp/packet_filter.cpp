// SPDX-License-Identifier: MIT
#include "rtp/packet_filter.hpp"

#include <algorithm>

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// Lets a flood of authentic packets pass far enough for MediaLimit to see it.
constexpr unsigned times_the_limit = 3;

/// A receiver sends about one report a second and one NACK per lost packet; DTLS takes some twenty packets for its
/// handshake. Both come in bursts.
constexpr unsigned others_per_second = 100, others_at_once = 100;

/// webrtcbin's queue behind this filter holds 200 packets and drops the oldest.
constexpr unsigned at_once(unsigned packets_per_second) { return std::clamp(packets_per_second / 2, 1U, 150U); }

}  // namespace

PacketFilter::PacketFilter(unsigned packets_per_second)
    : rtp_(times_the_limit * packets_per_second, at_once(packets_per_second)),
      unknown_rtp_(packets_per_second, at_once(packets_per_second)),
      rtcp_(others_per_second, others_at_once),
      unknown_rtcp_(others_per_second, others_at_once),
      dtls_(others_per_second, others_at_once) {}

std::optional<DropReason> PacketFilter::judge(std::span<const std::uint8_t> head, std::size_t size, Time now) {
  if (size > max_packet_bytes) return DropReason::oversized;
  const auto kind = kind_of(head, size);
  // A full agent answers STUN itself, so STUN that arrives here is not the peer's.
  if (kind == PacketKind::malformed || kind == PacketKind::stun) return DropReason::malformed;
  if (kind == PacketKind::rtp && declined_.test(head[1] & 0x7FU)) return DropReason::declined;
  if (!bucket_of(kind, head).take(now)) return DropReason::rate;
  return std::nullopt;
}

PacketBucket& PacketFilter::bucket_of(PacketKind kind, std::span<const std::uint8_t> head) {
  if (kind == PacketKind::dtls) return dtls_;
  if (kind == PacketKind::rtp) return rtp_sources_.has(read_u32(&head[rtp_ssrc_at])) ? rtp_ : unknown_rtp_;
  const auto ssrc = read_u32(&head[rtcp_ssrc_at]);
  return rtp_sources_.has(ssrc) || rtcp_sources_.has(ssrc) ? rtcp_ : unknown_rtcp_;
}

}  // namespace voicecast
