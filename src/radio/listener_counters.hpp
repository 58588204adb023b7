#pragma once

#include <cstdint>

namespace voicecast {

/// Counts over all listeners, also those that have left.
struct ListenerCounters {
  std::uint64_t bytes_sent = 0;
  std::uint64_t skips = 0;           ///< how often somebody was brought back to live
  std::uint64_t skipped_frames = 0;  ///< what they missed by it
  std::uint64_t stalled = 0;         ///< dropped, for he took nothing
};

}  // namespace voicecast
