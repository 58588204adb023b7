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

/// The first look at each packet of one peer, at what is in the clear and before anything is made of it. Anybody can
/// forge a peer's address, so what is not good is dropped and counted, and never a reason to end the peer. Packets of
/// sources (SSRC) that the peer has shown to be its own have a budget that others cannot use up, for a forger cannot
/// know their numbers. Nothing is allocated or locked. The thread that brings the peer's packets, unless said
/// otherwise.
class FirstLook {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// What is looked at of a packet: its first bytes, so many if it has them.
  static constexpr std::size_t head_bytes = 12;

  /// `packets_per_second`: what the peer may send; see MediaLimit, which ends those who send twice as many.
  explicit FirstLook(unsigned packets_per_second);

  /// The payload types of the m-lines that the answer declines, which some clients send all the same (OBS 32, FFmpeg
  /// 8). Before the first packet; main thread.
  void decline(const std::bitset<128>& payload_types) { declined_ = payload_types; }

  /// Nothing: the packet passes. `head` is head_bytes of it, or all of one that is shorter; `size` is that of all of
  /// it.
  std::optional<DropReason> judge(std::span<const std::uint8_t> head, std::size_t size, Time now);

  /// Any thread; one of them adds.
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
