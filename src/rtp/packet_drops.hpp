// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// Why a packet of WebRTC is dropped before anything is made of it, as operators are told it.
enum class DropReason {
  malformed,        ///< empty, cut, or of no kind that we use
  oversized,        ///< larger than max_packet_bytes
  stranger,         ///< from an address that no peer's check came from
  rate,             ///< more than a peer may send
  declined,         ///< a payload type of an m-line that the answer declined
  unauthenticated,  ///< from a source (SSRC) that is not known, and with a wrong tag
  source,           ///< from one source too many, or from one while another one is the voice
  payload_type,     ///< decrypted, and of a payload type that stood in no description
  feedback,         ///< RTCP that nobody here uses
};

inline constexpr std::size_t drop_reason_count = 9;

/// The words for them in /metrics, in their order.
inline constexpr std::array<const char*, drop_reason_count> drop_words{
    "malformed", "oversized", "stranger", "rate", "declined", "unauthenticated", "source", "payload_type", "feedback"};

using DropCounts = std::array<std::uint64_t, drop_reason_count>;

/// How many packets were dropped since the program started. Any thread: those that bring peers' packets have nothing
/// else in common.
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
