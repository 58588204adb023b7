#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/packet_kind.hpp"

namespace voicecast {

/// Bounds what one peer may send us, looking at what is in the clear: sizes, RTP's payload type and SSRC. What is too
/// much is dropped before anything is decrypted or allocated for it; who goes on with it is to be ended. Streaming
/// thread of the peer.
class MediaLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Verdict { pass, drop, end };

  /// `payload_type` was agreed on, and perhaps another one for what is sent again; no more.
  MediaLimit(unsigned packets_per_second, unsigned payload_type, std::optional<unsigned> rtx_payload_type = {})
      : packets_per_second_(packets_per_second), payload_type_(payload_type), rtx_payload_type_(rtx_payload_type) {}

  /// `head`: the first bytes of the packet, 12 if it has so many; `size`: of all of it.
  Verdict judge(std::string_view head, std::size_t size, Time now);
  /// Why it says `end`, for people.
  const std::string& reason() const { return reason_; }
  /// How often any has said so since the program started, of each the first time. Any thread.
  static std::uint64_t ended_count() { return ended_.load(std::memory_order_relaxed); }

  /// One voice has one; a browser that restarts its sender makes another.
  static constexpr std::size_t max_ssrcs = 4;
  /// Bad packets of a second that are only dropped. A client's first ones may be of a codec it has just left.
  static constexpr unsigned tolerated_bad_packets = 50;

 private:
  bool is_known(std::uint32_t ssrc);
  Verdict bad(const char* reason);
  Verdict end(std::string reason);

  static inline std::atomic<std::uint64_t> ended_{0};  ///< the peers' threads have nothing else in common
  unsigned packets_per_second_, payload_type_;
  std::optional<unsigned> rtx_payload_type_;
  Time second_{};  ///< when the current one began
  unsigned packets_ = 0, bad_packets_ = 0;
  std::array<std::uint32_t, max_ssrcs> ssrcs_{};
  std::size_t ssrc_count_ = 0;
  std::string reason_;
};

}  // namespace voicecast
