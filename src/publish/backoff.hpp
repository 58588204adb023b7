// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace voicecast {

/// The delay before the next attempt: doubles each time, up to a limit. Pure.
class Backoff {
 public:
  static constexpr std::chrono::milliseconds first{1000};  // long enough for a server to restart
  static constexpr std::chrono::milliseconds last{60000};  // finds a repaired server within a minute

  std::chrono::milliseconds next() {
    const auto delay = delay_;
    delay_ = std::min(delay_ * 2, last);
    return delay;
  }
  /// Resets the delay after a success.
  void reset() { delay_ = first; }

 private:
  std::chrono::milliseconds delay_ = first;
};

}  // namespace voicecast
