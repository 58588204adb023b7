// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace voicecast {

/// Totals over all listeners, past and present. Main thread.
struct ListenerCounters {
  std::uint64_t bytes_sent = 0;
  std::uint64_t skips = 0;           ///< jumps of a late listener to live
  std::uint64_t skipped_frames = 0;  ///< frames lost by these jumps
  std::uint64_t stalled = 0;         ///< listeners dropped because they read nothing
};

}  // namespace voicecast
