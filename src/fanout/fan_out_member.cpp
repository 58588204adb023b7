// SPDX-License-Identifier: MIT
#include "fanout/fan_out_member.hpp"

#include <algorithm>

#include "gst/mapped_bytes.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The rate of retransmissions: a burst, then twice a voice's usual packet rate, so that NACKs cannot amplify traffic.
constexpr unsigned resends_at_once = 50;
constexpr auto resend_interval = 10ms;

/// The interval of sender reports. RFC 3550 §6.2 requires 5 s or more at low bandwidth; for some hundred bits per
/// second the receiver synchronizes clocks, and learns the round-trip time, a little sooner.
constexpr unsigned report_interval_s = 3;

/// RFC 3711 §3.3.1: a receiver without a packet before the first wrap never detects it, and cannot decrypt later
/// packets. So a receiver that joins shortly before it, 10 s of the shortest packets, gets sequence numbers of the
/// lower half.
constexpr std::uint16_t shortly_before_a_wrap = 0x10000 - 1024, half_of_the_numbers = 0x8000;

}  // namespace

const IcePath::Way& PathFollower::way() {
  const auto version = path_->version();
  if (version_ != version) {
    way_ = path_->get();
    version_ = version;
  }
  return way_;
}

FanOutMember::FanOutMember(Terms terms, std::shared_ptr<std::atomic<std::uint64_t>> unsent)
    : terms_(std::move(terms)),
      unsent_(std::move(unsent)),
      srtp_(terms_.keys),
      path_(terms_.path),
      srtcp_(terms_.keys),
      rtcp_path_(terms_.path),
      resends_(resends_at_once, resend_interval) {}

/// The sender's header with this receiver's payload type and without the sender's extensions, whose ids were not
/// negotiated.
rtp::Header FanOutMember::receiver_header(const RtpPacket& packet, std::uint16_t sequence) const {
  auto header = plain_header(packet, terms_.payload_type);
  write_u16(&header[2], sequence);
  return header;
}

void FanOutMember::take(const RtpPacket& packet, std::uint64_t voice_index, SendBatch& batch) {
  if (packet.ssrc != terms_.ssrc) return;  // it has a roll-over counter of its own
  if (highest_index_.load(std::memory_order_relaxed) == none) {
    first_index_ = packet.sequence - (packet.sequence >= shortly_before_a_wrap ? half_of_the_numbers : 0U);
    shift_ = voice_index - first_index_;
  }
  const auto index = voice_index - shift_;
  highest_index_.store(index, std::memory_order_release);
  packets_.fetch_add(1, std::memory_order_relaxed);
  octets_.fetch_add(static_cast<std::uint32_t>(packet.payload.size()), std::memory_order_relaxed);

  const auto header = receiver_header(packet, static_cast<std::uint16_t>(index));
  const auto head = Bytes(header).first(packet.header.size());
  const auto& way = path_.way();
  if (const auto* udp = std::get_if<UdpPath>(&way)) {
    batch.add(srtp_.protect(head, packet.payload, index, batch.room_for(*udp)), unsent_);
    return;
  }
  std::array<std::uint8_t, SendBatch::max_packet_bytes> protected_packet;
  const auto size = srtp_.protect(head, packet.payload, index, protected_packet.data());
  send_at_once(way, {protected_packet.data(), size});
}

void FanOutMember::send_at_once(const IcePath::Way& way, Bytes packet) {
  if (!send_by(way, packet)) unsent_.add_one();
}

void FanOutMember::report(std::uint64_t ntp, std::uint32_t rtp_time) {
  const auto compound = write_rtcp({terms_.ssrc, ntp, rtp_time, packets_.load(std::memory_order_relaxed),
                                    octets_.load(std::memory_order_relaxed), terms_.cname});
  std::vector<std::uint8_t> packet(compound.size() + SrtcpSender::overhead_bytes);
  srtcp_.protect(compound, packet.data());
  send_at_once(rtcp_path_.way(), packet);
}

void FanOutMember::tick(std::uint64_t ntp, std::uint32_t rtp_time) {
  if (seconds_++ % report_interval_s == 0) report(ntp, rtp_time);
}

std::optional<ReceptionReport> FanOutMember::on_rtcp(Bytes compound, std::chrono::system_clock::time_point at,
                                                     PacketRing& ring) {
  const auto feedback = read_rtcp(compound, terms_.ssrc);
  const auto now = PacketRing::Time::clock::now();
  for (const auto sequence : feedback.missing) resend(sequence, ring, now);
  if (!feedback.report) return std::nullopt;
  const auto& report = *feedback.report;
  const auto trip = round_trip(report, ntp_time(at));
  return ReceptionReport{report.fraction_lost / fraction_lost_units, std::max(report.lost_packets, 0),
                         std::chrono::duration<double>(report.jitter / opus_clock_hz),
                         trip.value_or(std::chrono::duration<double>(0))};
}

void FanOutMember::read_inbox(PacketRing& ring) {
  if (!terms_.rtcp) return;
  for (const auto& [compound, at] : terms_.rtcp->take())
    if (const auto report = on_rtcp(compound, at, ring)) reception_ = report;
}

/// The same packet with the same index gives the same ciphertext, so the key stream is not reused for other data.
void FanOutMember::resend(std::uint16_t sequence, PacketRing& ring, PacketRing::Time now) {
  const auto highest = highest_index_.load(std::memory_order_acquire);
  if (highest == none) return;
  const auto back = static_cast<std::uint16_t>(highest - sequence);
  if (back > highest - first_index_) return;  // not sent to this receiver
  const auto index = highest - back;
  const auto kept = ring.find(index + shift_, now);
  if (!kept || resends_.refuse("", now)) return;
  const MappedBytes mapped(kept.get());
  const auto packet = read_rtp(mapped.bytes());
  if (!packet || packet->ssrc != terms_.ssrc) return;
  if (!srtp_again_) srtp_again_.emplace(terms_.keys);
  std::array<std::uint8_t, SendBatch::max_packet_bytes> again;
  const auto header = receiver_header(*packet, sequence);
  const auto size =
      srtp_again_->protect(Bytes(header).first(packet->header.size()), packet->payload, index, again.data());
  send_at_once(rtcp_path_.way(), {again.data(), size});
}

}  // namespace voicecast
