// SPDX-License-Identifier: MIT
#pragma once

#include "base/main_loop.hpp"

namespace voicecast {

/// Runs the main loop until `condition` holds; the loop also looks at it from time to time, for another thread may
/// fulfil it.
template <class Condition>
void run_until(Condition condition) {
  const auto pulse = every(std::chrono::milliseconds(10), [] { return true; });
  while (!condition()) g_main_context_iteration(nullptr, TRUE);
}

}  // namespace voicecast
