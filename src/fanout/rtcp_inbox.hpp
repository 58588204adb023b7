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

/// Queues a receiver's RTCP for the main loop, which reads it once a second: the reports of a thousand receivers would
/// wake it a thousand times. Any thread.
class RtcpInbox {
 public:
  /// The maximum of queued packets. A peer may send a hundred per second (see PacketFilter); a main loop that is
  /// blocked for longer loses the later ones.
  static constexpr std::size_t max_waiting = 256;

  /// Adds a packet; gives whether the main loop should read it at once, for it needs a response.
  bool put(std::vector<std::uint8_t> compound) {
    const bool is_urgent = has_feedback(compound);
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == max_waiting) return false;
    waiting_.push_back({std::move(compound), std::chrono::system_clock::now()});
    return is_urgent;
  }

  /// Takes all queued packets, in order.
  std::vector<ArrivedRtcp> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<ArrivedRtcp> waiting_;
};

}  // namespace voicecast
