// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace voicecast {

/// A token bucket for packets, by the generic cell rate algorithm (ITU-T I.371): a rate per second and a burst. One
/// thread; allocates nothing.
class PacketBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  PacketBucket(unsigned packets_per_second, unsigned burst)
      : interval_(std::chrono::nanoseconds(std::chrono::seconds(1)) / packets_per_second),
        tolerance_(interval_ * (burst - 1)) {}

  /// Whether one more packet may pass; counts it if so.
  bool take(Time now) {
    if (now + tolerance_ < due_) return false;
    due_ = (now > due_ ? now : due_) + interval_;
    return true;
  }

 private:
  std::chrono::nanoseconds interval_, tolerance_;
  Time due_{};  ///< theoretical arrival time of the next packet
};

}  // namespace voicecast
