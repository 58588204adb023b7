// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "gst/gst.hpp"

namespace voicecast {

/// Recent packets of a stream by index (see SrtpIndex), kept for retransmission. Single producer (never blocks), single
/// consumer. Each index is added once.
class PacketRing {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Later retransmissions miss a receiver's playout time.
  static constexpr std::chrono::milliseconds memory{500};

  void put(std::uint64_t index, GstBuffer* packet, Time now);
  /// The packet; empty: expired, or never added.
  GPtr<GstBuffer> find(std::uint64_t index, Time now);

 private:
  struct Slot {
    std::atomic_flag is_used = ATOMIC_FLAG_INIT;
    GPtr<GstBuffer> packet;
    std::uint64_t index = 0;
    Time came{};
  };
  /// Half a second of the shortest packets that a receiver is offered (minptime: 10 ms) is 50 of them.
  std::array<Slot, 128> slots_;
};

}  // namespace voicecast
