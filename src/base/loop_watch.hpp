// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>

namespace voicecast {

/// Measures how long the main loop delays its events: the time from each return of poll() to the next call. Unlike a
/// periodic timer, it sees every delay. One instance at a time. Main thread.
class LoopWatch {
 public:
  using OnRound = std::function<void(std::chrono::duration<double> busy)>;
  /// Calls `on_round` at the end of each iteration of the loop, with its duration in seconds; it must be quick.
  explicit LoopWatch(OnRound on_round);
  LoopWatch(const LoopWatch&) = delete;
  ~LoopWatch();
};

}  // namespace voicecast
