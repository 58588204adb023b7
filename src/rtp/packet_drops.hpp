// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// Why a WebRTC packet is dropped before it is processed, as in /metrics.
enum class DropReason {
  malformed,        ///< empty, truncated, or of an unsupported kind
  oversized,        ///< larger than max_packet_bytes
  stranger,         ///< from an address without a valid connectivity check
  rate,             ///< over the packet rate of a peer
  declined,         ///< of a payload type of a declined m-line
  unauthenticated,  ///< with a wrong authentication tag, or repeated
  source,           ///< from one source too many, or while another source is active
  payload_type,     ///< decrypted, of a payload type that was not negotiated
  feedback,         ///< RTCP feedback without a consumer
};

inline constexpr std::size_t drop_reason_count = 9;

/// The values of the label "reason" in /metrics, in the order of DropReason.
inline constexpr std::array<const char*, drop_reason_count> drop_words{
    "malformed", "oversized", "stranger", "rate", "declined", "unauthenticated", "source", "payload_type", "feedback"};

using DropCounts = std::array<std::uint64_t, drop_reason_count>;

/// The number of dropped packets since the program started. Shared by the threads of all peers. Any thread.
class PacketDrops {
 public:
  static void add(DropReason reason) {
    counts_[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  }
  static DropCounts all() {
    DropCounts counts{};
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = counts_[i].load(std::memory_order_relaxed);
    return counts;
  }

 private:
  static inline std::array<std::atomic<std::uint64_t>, drop_reason_count> counts_{};
};

}  // namespace voicecast
