// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>

namespace voicecast {

/// Measures how long the main loop keeps its events waiting: from each return of poll() to the next call. Nothing that
/// holds it up escapes, as it would a timer that looks now and then. One at a time. Main thread.
class LoopWatch {
 public:
  using OnRound = std::function<void(std::chrono::duration<double> busy)>;
  /// Calls `on_round` at the end of each round of the loop; it must be quick.
  explicit LoopWatch(OnRound on_round);
  LoopWatch(const LoopWatch&) = delete;
  ~LoopWatch();
};

}  // namespace voicecast
