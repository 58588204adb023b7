// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "rtp/rtcp_packet.hpp"

namespace voicecast {

struct ArrivedRtcp {
  std::vector<std::uint8_t> compound;
  std::chrono::system_clock::time_point at;
};

/// A receiver's RTCP that waits for the main loop, which reads once a second: a report of each of a thousand receivers
/// would wake it a thousand times. Any thread.
class RtcpInbox {
 public:
  /// What waits at most. A peer may send a hundred in a second (see PacketFilter); a main loop that stands still for
  /// longer misses the later ones.
  static constexpr std::size_t max_waiting = 256;

  /// Says whether the main loop should look at once, as somebody asks for something.
  bool put(std::vector<std::uint8_t> compound) {
    const bool is_urgent = has_feedback(compound);
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == max_waiting) return false;
    waiting_.push_back({std::move(compound), std::chrono::system_clock::now()});
    return is_urgent;
  }

  /// All that waits, in the order in which it came.
  std::vector<ArrivedRtcp> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<ArrivedRtcp> waiting_;
};

}  // namespace voicecast
