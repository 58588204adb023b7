// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace voicecast {

/// How long to wait before the next try: twice as long each time, up to a limit.
class Backoff {
 public:
  static constexpr std::chrono::milliseconds first{1000};  // a server that restarts is back by then
  static constexpr std::chrono::milliseconds last{60000};  // so that one repaired is found within a minute

  std::chrono::milliseconds next() {
    const auto delay = delay_;
    delay_ = std::min(delay_ * 2, last);
    return delay;
  }
  /// It went well.
  void reset() { delay_ = first; }

 private:
  std::chrono::milliseconds delay_ = first;
};

}  // namespace voicecast
