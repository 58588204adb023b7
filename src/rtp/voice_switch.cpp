// SPDX-License-Identifier: MIT
#include "rtp/voice_switch.hpp"

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

constexpr std::uint16_t half_of_the_numbers = 0x8000;
using Ticks = std::chrono::duration<std::uint32_t, std::ratio<1, 48000>>;  // RFC 7587 §4.1

}  // namespace

std::optional<VoiceSwitch::Header> VoiceSwitch::map(std::span<const std::uint8_t> header, Time now) {
  const auto sequence = read_u16(&header[2]);
  const auto timestamp = read_u32(&header[4]), ssrc = read_u32(&header[8]);
  if (!first_) {
    first_ = current_ = ssrc;
    last_sequence_ = sequence;
    last_time_ = timestamp;
  } else if (ssrc != current_) {
    if (now - last_ < quiet) return std::nullopt;
    take_over(ssrc, sequence, timestamp, now);
  }
  last_ = now;
  const auto mapped = static_cast<std::uint16_t>(sequence + sequence_shift_);
  if (static_cast<std::uint16_t>(mapped - last_sequence_) < half_of_the_numbers) {
    last_sequence_ = mapped;
    last_time_ = timestamp + time_shift_;
  }
  return Header{mapped, timestamp + time_shift_, *first_, has_switched_};
}

void VoiceSwitch::take_over(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp, Time now) {
  const auto passed = std::chrono::duration_cast<std::chrono::duration<std::uint64_t, Ticks::period>>(now - last_);
  sequence_shift_ = static_cast<std::uint16_t>(last_sequence_ + 1 - sequence);
  time_shift_ = last_time_ + static_cast<std::uint32_t>(passed.count()) - timestamp;
  current_ = ssrc;
  has_switched_ = true;
}

std::optional<VoiceSwitch::Header> VoiceSwitch::map_report(std::uint32_t ssrc, std::uint32_t rtp_time) const {
  if (!first_ || ssrc != current_) return std::nullopt;
  return Header{0, rtp_time + time_shift_, *first_, has_switched_};
}

}  // namespace voicecast
