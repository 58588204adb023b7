// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "audio/voice_pace.hpp"
#include "audio/voice_packet.hpp"

namespace voicecast {

/// Makes of a stream's RTP packets an Opus stream without holes, which lasts as long as the talk did: Ogg's time is the
/// sum of its packets' durations (RFC 7845 §4). Where packets are missing (loss, DTX) stand packets that ask the
/// decoder for concealment, up to a second of them by the packets' own timestamps. A longer gap, another source (SSRC)
/// or a jump of the numbers is a new beginning: the time in between is the clock's. What comes twice, late or faster
/// than the clock allows is left out. Pure; linear in what it is given and in the time that goes by.
class VoiceContinuity {
 public:
  using Time = VoicePace::Time;
  /// Called with each packet in its order, never empty, and how long it lasts in samples at 48 kHz.
  using Give = std::function<void(std::span<const std::uint8_t> packet, std::size_t samples)>;

  /// The next packet of the jitter buffer, which came at `now`, of a steady clock.
  void take(const VoicePacket& packet, Time now, const Give& give);
  /// To be called every so often while no packet comes: a pause goes on as time does.
  void pass_time(Time now, const Give& give);

 private:
  struct Source {
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    std::uint32_t next_timestamp = 0;  ///< when the voice of the last packet ends
  };
  enum class Step { next, stale, new_beginning };
  Step step_to(const VoicePacket& packet) const;
  std::size_t gap_before(const VoicePacket& packet) const;
  void fill(Time now, Time gap, const Give& give);

  std::optional<Source> source_;  ///< none before the first packet and after a pause
  std::optional<Time> last_packet_at_;
  std::uint8_t toc_ = 0;  ///< the first byte of the last packet
  VoicePace pace_;
};

}  // namespace voicecast
