// SPDX-License-Identifier: MIT
#include "rtp/rtcp_packet.hpp"

#include <algorithm>

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// RFC 3550 §12.1, RFC 4585 §6.1
constexpr std::uint8_t sender_report = 200, receiver_report = 201, source_description = 202, transport_feedback = 205;
constexpr std::uint8_t version_2 = 0x80, generic_nack = 1, cname_item = 1;

constexpr std::size_t head_bytes = 8, sender_info_bytes = 20, block_bytes = 24, nack_bytes = 4,
                      report_bytes = head_bytes + sender_info_bytes;

void read_blocks(std::span<const std::uint8_t> blocks, std::uint32_t ssrc, ReceiverFeedback& feedback) {
  for (; blocks.size() >= block_bytes; blocks = blocks.subspan(block_bytes)) {
    if (read_u32(&blocks[0]) != ssrc) continue;
    const auto lost = static_cast<std::int32_t>(read_u32(&blocks[4]) << 8) / 256;  // signed 24-bit integer
    feedback.report = {blocks[4], lost, read_u32(&blocks[12]), read_u32(&blocks[16]), read_u32(&blocks[20])};
  }
}

void read_nacks(std::span<const std::uint8_t> nacks, ReceiverFeedback& feedback) {
  const auto add = [&feedback](unsigned sequence) {
    if (feedback.missing.size() < ReceiverFeedback::max_missing)
      feedback.missing.push_back(static_cast<std::uint16_t>(sequence));
  };
  for (; nacks.size() >= nack_bytes; nacks = nacks.subspan(nack_bytes)) {
    const unsigned first = read_u16(&nacks[0]), others = read_u16(&nacks[2]);
    add(first);
    for (unsigned bit = 0; bit < 16; ++bit)
      if (others >> bit & 1U) add(first + bit + 1);
  }
}

/// The report blocks of a packet; empty for a packet without any.
std::span<const std::uint8_t> blocks_of(std::span<const std::uint8_t> packet) {
  const auto at = packet[1] == sender_report     ? head_bytes + sender_info_bytes
                  : packet[1] == receiver_report ? head_bytes
                                                 : packet.size();
  if (packet.size() < at) return {};
  const auto count = std::min<std::size_t>(packet[0] & 0x1FU, (packet.size() - at) / block_bytes);
  return packet.subspan(at, count * block_bytes);
}

void read_packet(std::span<const std::uint8_t> packet, std::uint32_t ssrc, ReceiverFeedback& feedback) {
  const auto count = packet[0] & 0x1FU;  // or the feedback message type
  read_blocks(blocks_of(packet), ssrc, feedback);
  constexpr std::size_t feedback_head_bytes = 12;
  if (packet[1] == transport_feedback && count == generic_nack && packet.size() >= feedback_head_bytes &&
      read_u32(&packet[8]) == ssrc)
    read_nacks(packet.subspan(feedback_head_bytes), feedback);
}

/// Takes the first packet off a compound; nothing where the rest is not a packet.
std::optional<std::span<const std::uint8_t>> next_packet(std::span<const std::uint8_t>& compound) {
  if (compound.size() < head_bytes || compound[0] >> 6 != 2) return std::nullopt;
  const std::size_t size = 4 * (std::size_t{read_u16(&compound[2])} + 1);
  if (size < head_bytes || size > compound.size()) return std::nullopt;
  const auto packet = compound.first(size);
  compound = compound.subspan(size);
  return packet;
}

void begin_packet(std::uint8_t* at, unsigned count, std::uint8_t type, std::size_t size) {
  at[0] = static_cast<std::uint8_t>(version_2 | count);
  at[1] = type;
  write_u16(at + 2, static_cast<unsigned>(size / 4 - 1));
}

}  // namespace

std::vector<std::uint8_t> write_sender_report(const SenderReport& report) {
  std::vector<std::uint8_t> bytes(report_bytes);
  auto* at = bytes.data();
  begin_packet(at, 0, sender_report, report_bytes);
  write_u32(at + 4, report.ssrc);
  write_u32(at + 8, report.ntp_time >> 32);
  write_u32(at + 12, report.ntp_time);
  write_u32(at + 16, report.rtp_time);
  write_u32(at + 20, report.packets);
  write_u32(at + 24, report.octets);
  return bytes;
}

std::vector<std::uint8_t> write_rtcp(const SenderReport& report) {
  const auto name = report.cname.substr(0, 255);
  const auto description_bytes = (head_bytes + 2 + name.size()) / 4 * 4 + 4;  // terminated by one to four zero bytes
  auto bytes = write_sender_report(report);
  bytes.resize(report_bytes + description_bytes);
  auto* at = bytes.data() + report_bytes;
  begin_packet(at, 1, source_description, description_bytes);
  write_u32(at + 4, report.ssrc);
  at[8] = cname_item;
  at[9] = static_cast<std::uint8_t>(name.size());
  std::copy(name.begin(), name.end(), at + 10);
  return bytes;
}

std::optional<SenderReport> read_sender_report(std::span<const std::uint8_t> compound) {
  while (const auto packet = next_packet(compound)) {
    const auto* at = packet->data();
    if (at[1] != sender_report || packet->size() < report_bytes) continue;
    return SenderReport{read_u32(at + 4), std::uint64_t{read_u32(at + 8)} << 32 | read_u32(at + 12), read_u32(at + 16),
                        read_u32(at + 20), read_u32(at + 24)};
  }
  return std::nullopt;
}

std::vector<std::uint8_t> reports_in(std::span<const std::uint8_t> compound) {
  while (const auto packet = next_packet(compound)) {
    const auto blocks = blocks_of(*packet);
    if (blocks.empty()) continue;
    std::vector<std::uint8_t> bytes(head_bytes + blocks.size());
    begin_packet(bytes.data(), static_cast<unsigned>(blocks.size() / block_bytes), receiver_report, bytes.size());
    std::copy_n(packet->data() + 4, 4, bytes.data() + 4);  // SSRC of the reporter
    std::ranges::copy(blocks, bytes.begin() + head_bytes);
    return bytes;
  }
  return {};
}

ReceiverFeedback read_rtcp(std::span<const std::uint8_t> compound, std::uint32_t ssrc) {
  ReceiverFeedback feedback;
  while (const auto packet = next_packet(compound)) read_packet(*packet, ssrc, feedback);
  return feedback;
}

bool has_feedback(std::span<const std::uint8_t> compound) {
  while (const auto packet = next_packet(compound))
    if ((*packet)[1] == transport_feedback) return true;
  return false;
}

std::uint64_t ntp_time(std::chrono::system_clock::time_point time) {
  constexpr std::uint64_t from_1900_to_1970_s = 2208988800;
  const auto nanoseconds =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
  constexpr std::uint64_t second = 1'000'000'000;
  return (nanoseconds / second + from_1900_to_1970_s) << 32 | ((nanoseconds % second) << 32) / second;
}

std::optional<std::chrono::duration<double>> round_trip(const ReceiverFeedback::Report& report, std::uint64_t now) {
  constexpr double longest_s = 60;
  if (report.last_report == 0) return std::nullopt;
  const auto passed = static_cast<std::uint32_t>(now >> 16) - report.last_report - report.delay_since_then;
  // The rounding of the clocks can give a negative value on a fast network.
  const auto seconds = std::max(static_cast<std::int32_t>(passed) / ntp_short_hz, 0.0);
  return seconds < longest_s ? std::optional(std::chrono::duration<double>(seconds)) : std::nullopt;
}

}  // namespace voicecast
