// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace voicecast {

/// Bounds the lead of a sender's audio over the clock, whatever its packets claim: a sender can put 120 ms into each of
/// a thousand packets per second, or claim that a minute was lost between two of them. A sender's clock may be 1 %
/// fast. Pure; times are of a steady clock.
class VoicePace {
 public:
  using Time = std::chrono::nanoseconds;

  /// The maximal lead of received audio: a stalled network delivers as much at once.
  static constexpr Time max_voice_ahead = std::chrono::seconds(5);
  /// The maximal lead of concealment. A longer gap is a pause, not a loss.
  static constexpr Time max_gap = std::chrono::seconds(1);

  /// The audio's lead over `now` since the first advance(); negative: it is behind.
  Time ahead(Time now);
  /// Adds a duration of audio.
  void advance(Time now, Time by) { ahead(now), ahead_ += by; }
  /// advance(), unless the lead would exceed `max_ahead`: then false.
  bool try_advance(Time now, Time by, Time max_ahead);

 private:
  std::optional<Time> counted_until_;
  Time ahead_{0};
};

}  // namespace voicecast
