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

/// Turns a stream's RTP packets into a gapless Opus stream of the same duration: Ogg's time is the sum of its packets'
/// durations (RFC 7845 §4). Concealment packets replace missing ones (loss, DTX), up to a second by the packets'
/// timestamps. A longer gap, another source (SSRC) or a jump in sequence restarts it: the gap's duration is the
/// clock's. Duplicate and late packets, and those beyond real time, are dropped. Pure; linear in its input and in
/// elapsed time.
class VoiceContinuity {
 public:
  using Time = VoicePace::Time;
  /// Called with each packet in order, never empty, and its duration in samples at 48 kHz.
  using Give = std::function<void(std::span<const std::uint8_t> packet, std::size_t samples)>;

  /// Adds the next packet of the jitter buffer, received at `now` (a steady clock).
  void take(const VoicePacket& packet, Time now, const Give& give);
  /// Call it periodically while no packet arrives: it continues a pause.
  void pass_time(Time now, const Give& give);

 private:
  struct Source {
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    std::uint32_t next_timestamp = 0;  ///< the end of the last packet
  };
  enum class Step { next, stale, new_beginning };
  Step step_to(const VoicePacket& packet) const;
  std::size_t gap_before(const VoicePacket& packet) const;
  void fill(Time now, Time gap, const Give& give);

  std::optional<Source> source_;  ///< nothing before the first packet and after a pause
  std::optional<Time> last_packet_at_;
  std::uint8_t toc_ = 0;  ///< the first byte of the last packet
  VoicePace pace_;
};

}  // namespace voicecast
