// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace voicecast {

/// Bounds how far the time of a voice runs ahead of the clock, whatever its packets say of themselves: a sender can put
/// 120 ms into each of a thousand packets a second, or claim that a minute was lost between two of them. A sender's
/// clock may be 1 % faster than ours. Pure; times are of a steady clock.
class VoicePace {
 public:
  using Time = std::chrono::nanoseconds;

  /// How far what is there may run ahead: a network that stood still brings so much at once.
  static constexpr Time max_voice_ahead = std::chrono::seconds(5);
  /// And what is made up for what is not there. A longer gap is a pause, and no loss.
  static constexpr Time max_gap = std::chrono::seconds(1);

  /// By how much the voice is ahead of `now`, or behind it, since the first call of advance().
  Time ahead(Time now);
  /// The voice goes on by so much.
  void advance(Time now, Time by) { ahead(now), ahead_ += by; }
  /// advance(), unless it would then be ahead by more than `max_ahead`: false.
  bool try_advance(Time now, Time by, Time max_ahead);

 private:
  std::optional<Time> counted_until_;
  Time ahead_{0};
};

}  // namespace voicecast
