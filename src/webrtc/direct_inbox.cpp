// SPDX-License-Identifier: MIT
#include "webrtc/direct_inbox.hpp"

#include <algorithm>
#include <utility>

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// A placeholder for the payload type, where no RTP is expected.
constexpr unsigned no_payload_type = 128;

}  // namespace

DirectInbox::DirectInbox(unsigned packets_per_second, Calls calls)
    : calls_(std::move(calls)), filter_(packets_per_second), limit_(packets_per_second, no_payload_type) {}

void DirectInbox::use(const SrtpKeys& keys) {
  decryption_ = std::make_unique<Decryption>(keys);
  has_keys_.store(true, std::memory_order_release);
}

std::vector<std::vector<std::uint8_t>> DirectInbox::take_dtls() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void DirectInbox::on_packet(std::span<const std::uint8_t> packet) {
  if (is_over_) return;
  const auto now = Time::clock::now();
  const auto head = packet.first(std::min(packet.size(), PacketFilter::head_bytes));
  if (const auto reason = filter_.judge(head, packet.size(), now)) return PacketDrops::add(*reason);
  const auto kind = kind_of(packet);
  if (kind == PacketKind::dtls) return on_dtls(packet);
  if (!has_keys_.load(std::memory_order_acquire)) return PacketDrops::add(DropReason::unauthenticated);
  kind == PacketKind::rtcp ? on_rtcp(packet) : on_rtp(packet, now);
}

void DirectInbox::on_dtls(Bytes packet) {
  std::size_t others = 0;
  {
    const std::lock_guard lock(mutex_);
    others = waiting_.size();
    if (others < max_waiting) waiting_.emplace_back(packet.begin(), packet.end());
  }
  if (others == max_waiting) PacketDrops::add(DropReason::rate);
  if (others == 0) calls_.on_dtls();
}

void DirectInbox::on_rtcp(Bytes packet) {
  auto opened = decryption_->rtcp.open(packet);
  if (const auto* reason = std::get_if<DropReason>(&opened)) return PacketDrops::add(*reason);
  const auto ssrc = read_u32(&packet[rtcp_ssrc_at]);
  if (!filter_.rtcp_sources().has(ssrc)) filter_.rtcp_sources().add(ssrc);
  calls_.on_authentic();
  if (calls_.on_rtcp) calls_.on_rtcp(std::move(std::get<std::vector<std::uint8_t>>(opened)));
}

/// Repetitions do not count, for somebody else may send them.
void DirectInbox::on_rtp(Bytes packet, Time now) {
  if (!read_rtp(packet) || !decryption_->rtp.is_first_rtp(packet)) return PacketDrops::add(DropReason::unauthenticated);
  PacketDrops::add(DropReason::payload_type);
  if (!refused_.is_new(read_u32(&packet[rtp_ssrc_at]), read_u16(&packet[rtp_sequence_at]))) return;
  calls_.on_authentic();
  if (limit_.judge(packet[1] & 0x7FU, now) != MediaLimit::Verdict::end) return;
  is_over_ = true;
  calls_.on_excess(limit_.reason());
}

}  // namespace voicecast
