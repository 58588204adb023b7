// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace voicecast {

/// A token bucket for packets, as the generic cell rate algorithm has it (ITU-T I.371): so many a second, and `burst`
/// more at once. One thread; allocates nothing.
class PacketBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  PacketBucket(unsigned packets_per_second, unsigned burst)
      : interval_(std::chrono::nanoseconds(std::chrono::seconds(1)) / packets_per_second),
        tolerance_(interval_ * (burst - 1)) {}

  /// Whether one more may pass; then it counts.
  bool take(Time now) {
    if (now + tolerance_ < due_) return false;
    due_ = (now > due_ ? now : due_) + interval_;
    return true;
  }

 private:
  std::chrono::nanoseconds interval_, tolerance_;
  Time due_{};  ///< when the next packet would come if they came evenly
};

}  // namespace voicecast
