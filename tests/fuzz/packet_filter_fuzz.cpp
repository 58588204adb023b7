// SPDX-License-Identifier: MIT

// Packets of one peer as they come, each behind its length in two bytes: the first look, the guard in front of srtpdec,
// and what is made of RTP and RTCP behind it. Nobody who has no keys gets a source known, or an empty or cut packet
// through.

#include <cstdint>
#include <cstdlib>
#include <span>

#include "rtp/packet_filter.hpp"
#include "rtp/rtcp_packet.hpp"
#include "rtp/rtp_packet.hpp"
#include "rtp/source_guard.hpp"
#include "rtp/voice_switch.hpp"

using namespace voicecast;

namespace {

void require(bool is_true) {
  if (!is_true) std::abort();
}

void feed(PacketFilter& packet_filter, SourceGuard& guard, Bytes packet, PacketFilter::Time now) {
  const auto head = packet.first(std::min(packet.size(), PacketFilter::head_bytes));
  if (packet_filter.judge(head, packet.size(), now)) return;
  require(kind_of(packet) != PacketKind::malformed && packet.size() <= max_packet_bytes);
  const bool passes = guard.judge(packet) == SourceGuard::Verdict::pass;
  require(passes == (kind_of(packet) == PacketKind::dtls));  // no input can have a good tag
}

void read_decrypted(VoiceSwitch& voice, Bytes packet, VoiceSwitch::Time now) {
  if (packet.size() >= rtp::fixed_header_bytes) {
    const auto mapped = voice.map(packet, now);
    require(!mapped || mapped->is_changed || mapped->ssrc == read_u32(&packet[rtp_ssrc_at]));
  }
  const auto reports = reports_in(packet);
  require(reports.size() <= packet.size() && reports.size() % 4 == 0);
  require(reports.empty() || reports_in(reports) == reports);
  if (const auto report = read_sender_report(packet)) {
    const auto again = read_sender_report(write_sender_report(*report));
    require(again && again->ssrc == report->ssrc && again->rtp_time == report->rtp_time);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  PacketFilter packet_filter(1000);
  std::bitset<128> declined;
  declined.set(106);
  packet_filter.decline(declined);
  SourceGuard guard(packet_filter, [] { return std::optional(SrtpKeys()); });
  VoiceSwitch voice;
  PacketFilter::Time now{std::chrono::hours(1)};
  for (Bytes left(data, size); left.size() >= 2; now += std::chrono::milliseconds(20)) {
    const auto length = std::min<std::size_t>(read_u16(left.data()), left.size() - 2);
    feed(packet_filter, guard, left.subspan(2, length), now);
    read_decrypted(voice, left.subspan(2, length), now);
    left = left.subspan(2 + length);
  }
  return 0;
}
