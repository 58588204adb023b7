// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "rtp/known_sources.hpp"
#include "rtp/packet_bucket.hpp"
#include "rtp/packet_drops.hpp"
#include "rtp/packet_kind.hpp"

namespace voicecast {

/// Filters each packet of one peer by its cleartext, before anything is allocated for it. Source addresses can be
/// forged, so an invalid packet is dropped and counted, but never ends the peer. Sources (SSRC) that have sent an
/// authentic packet have a budget of their own, which a forger cannot use up without knowing the SSRC. Allocates and
/// locks nothing. Runs on the thread that delivers the peer's packets, unless stated otherwise.
class PacketFilter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// The number of bytes at the start of a packet that judge() reads.
  static constexpr std::size_t head_bytes = 12;

  /// `packets_per_second`: the limit of the peer; see MediaLimit, which ends a peer that sends twice as many.
  explicit PacketFilter(unsigned packets_per_second);

  /// Sets the payload types of the declined m-lines, which some clients send anyway (OBS 32, FFmpeg 8). Call before the
  /// first packet. Main thread.
  void decline(const std::bitset<128>& payload_types) { declined_ = payload_types; }

  /// Gives the reason to drop the packet, or nothing where it passes. `head` holds the first head_bytes of the packet,
  /// or all of a shorter one; `size` is the size of the whole packet in bytes.
  std::optional<DropReason> judge(std::span<const std::uint8_t> head, std::size_t size, Time now);

  /// The authenticated sources. Any thread reads, one thread adds.
  KnownSources& rtp_sources() { return rtp_sources_; }
  KnownSources& rtcp_sources() { return rtcp_sources_; }

 private:
  PacketBucket& bucket_of(PacketKind kind, std::span<const std::uint8_t> head);

  std::bitset<128> declined_;
  KnownSources rtp_sources_, rtcp_sources_;
  PacketBucket rtp_, unknown_rtp_, rtcp_, unknown_rtcp_, dtls_;
};

/// Where the sequence number and the source (SSRC) stand in RTP (RFC 3550 §5.1), and the source in the first packet of
/// RTCP, also encrypted (§6.4, RFC 4585 §6.1, RFC 3711 §3.4).
inline constexpr std::size_t rtp_sequence_at = 2, rtp_ssrc_at = 8, rtcp_ssrc_at = 4;

}  // namespace voicecast
