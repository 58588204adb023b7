// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// The sources (SSRC) of a peer that have sent an authentic packet. One thread adds, any thread reads. Their number is
/// small, for srtpdec keeps 22 kB of state per source.
class KnownSources {
 public:
  /// A voice has one source, and one for retransmissions (RFC 4588); a browser that restarts its sender uses new ones.
  static constexpr std::size_t max = 4;

  bool has(std::uint32_t ssrc) const {
    const auto count = count_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i)
      if (ssrcs_[i].load(std::memory_order_relaxed) == ssrc) return true;
    return false;
  }
  /// Adds an unknown source. False: the list is full.
  bool add(std::uint32_t ssrc) {
    const auto count = count_.load(std::memory_order_relaxed);
    if (count == max) return false;
    ssrcs_[count].store(ssrc, std::memory_order_relaxed);
    count_.store(count + 1, std::memory_order_release);
    return true;
  }

 private:
  std::array<std::atomic<std::uint32_t>, max> ssrcs_{};
  std::atomic<std::size_t> count_{0};
};

/// The sources beyond the limit, whose packets are refused: a forger of the peer's address may replay their packets, so
/// each counts against the peer once only. One thread.
class RefusedSources {
 public:
  /// A regular peer has one or two, mostly none.
  static constexpr std::size_t max = 16;

  /// Whether an authentic packet is newer than the previous ones of its source; true for a source beyond max. Sequence
  /// numbers do not wrap here: a source is authenticated before its first wrap only (SrtpVerifier).
  bool is_new(std::uint32_t ssrc, std::uint16_t sequence) {
    const auto end = sources_.begin() + count_;
    const auto at = std::find_if(sources_.begin(), end, [ssrc](const Source& one) { return one.ssrc == ssrc; });
    if (at == end) {
      if (count_ < max) sources_[count_++] = {ssrc, sequence};
      return true;
    }
    if (sequence <= at->newest) return false;
    at->newest = sequence;
    return true;
  }

 private:
  struct Source {
    std::uint32_t ssrc = 0;
    std::uint16_t newest = 0;
  };
  std::array<Source, max> sources_{};
  std::size_t count_ = 0;
};

}  // namespace voicecast
