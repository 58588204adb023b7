// SPDX-License-Identifier: MIT
#include "fanout/packet_fan.hpp"

#include <thread>

namespace voicecast {
namespace {

/// Our time on a clock of 48 kHz (RFC 7587 §4.1), modulo 2^32.
std::uint32_t ticks(PacketRing::Time time) {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 48000>>;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<Ticks>(time.time_since_epoch()).count());
}

}  // namespace

void PacketFan::send(GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
  const auto packet = read_rtp({map.data, map.size});
  const bool fits = map.size + SrtpSender::max_overhead_bytes <= SendBatch::max_packet_bytes;
  if (const auto index = packet && fits ? index_of(*packet) : std::nullopt) {
    const auto now = PacketRing::Time::clock::now();
    clock_offset_.store(packet->timestamp - ticks(now), std::memory_order_relaxed);
    has_clock_.store(true, std::memory_order_relaxed);
    ring_.put(*index, buffer, now);
    send_to_members(*packet, *index);
  }
  gst_buffer_unmap(buffer, &map);
}

/// Of one source only. What has no new index is neither sent nor kept: a request for the packet that had it would be
/// answered with this one, under the same key stream (RFC 3711 §9.1).
std::optional<std::uint64_t> PacketFan::index_of(const RtpPacket& packet) {
  if (ssrc_.value_or(packet.ssrc) != packet.ssrc) return std::nullopt;
  ssrc_ = packet.ssrc;
  return indexes_.advance(packet.sequence);
}

void PacketFan::send_to_members(const RtpPacket& packet, std::uint64_t index) {
  const Members* members = published_;
  for (in_use_ = members; published_ != members; in_use_ = members) members = published_;
  for (const auto& member : *members) member->take(packet, index, batch_);
  batch_.flush();
  in_use_ = nullptr;
}

void PacketFan::change(Members members) {
  old_.push_back(std::move(current_));
  current_ = std::make_unique<const Members>(std::move(members));
  published_ = current_.get();
  tidy();
}

void PacketFan::tidy() {
  std::erase_if(old_, [this](const auto& list) { return in_use_ != list.get(); });
}

void PacketFan::finish() {
  for (tidy(); !old_.empty(); tidy()) std::this_thread::yield();
}

std::optional<std::uint32_t> PacketFan::rtp_time(PacketRing::Time now) const {
  if (!has_clock_) return std::nullopt;
  return clock_offset_.load(std::memory_order_relaxed) + ticks(now);
}

}  // namespace voicecast
