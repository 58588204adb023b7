#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "glib/gst.hpp"

namespace voicecast {

/// The last packets of a stream, for who lost one. One thread puts them in and never waits; another one takes some out.
class PacketRing {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Longer ago, a receiver has played something else.
  static constexpr std::chrono::milliseconds memory{500};

  void put(std::uint16_t sequence, GstBuffer* packet, Time now);
  /// Empty where it is gone, or never came.
  GPtr<GstBuffer> find(std::uint16_t sequence, Time now);

 private:
  struct Slot {
    std::atomic_flag is_used = ATOMIC_FLAG_INIT;
    GPtr<GstBuffer> packet;
    std::uint16_t sequence = 0;
    Time came{};
  };
  /// Half a second of the shortest packets that a receiver is offered (minptime: 10 ms) is 50 of them.
  std::array<Slot, 128> slots_;
};

}  // namespace voicecast
