// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace voicecast {

/// Bounds what one peer may send us, of what was decrypted and so is its own: how many packets, and of what payload
/// types. What is too much or was not agreed on is dropped; who goes on with it is to be ended. One thread.
class MediaLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Verdict { pass, drop, end };

  /// `payload_type` was agreed on, and perhaps another one for what is sent again; no more.
  MediaLimit(unsigned packets_per_second, unsigned payload_type, std::optional<unsigned> rtx_payload_type = {})
      : packets_per_second_(packets_per_second), payload_type_(payload_type), rtx_payload_type_(rtx_payload_type) {}

  /// An RTP packet of that payload type came.
  Verdict judge(unsigned payload_type, Time now);
  /// One came from a source (SSRC) beyond those that a peer may have.
  Verdict judge_source(Time now);
  /// Why it says `end`, for people.
  const std::string& reason() const { return reason_; }
  bool is_agreed(unsigned payload_type) const {
    return payload_type == payload_type_ || payload_type == rtx_payload_type_;
  }
  bool is_voice(unsigned payload_type) const { return payload_type == payload_type_; }
  /// How often any has said so since the program started, of each the first time. Any thread.
  static std::uint64_t ended_count() { return ended_.load(std::memory_order_relaxed); }

  /// Bad packets of a second that are only dropped. A client's first ones may be of a codec it has just left.
  static constexpr unsigned tolerated_bad_packets = 50;

 private:
  void begin_second(Time now);
  Verdict bad(const char* reason);
  Verdict end(std::string reason);

  static inline std::atomic<std::uint64_t> ended_{0};  ///< the peers' threads have nothing else in common
  unsigned packets_per_second_, payload_type_;
  std::optional<unsigned> rtx_payload_type_;
  Time second_{};  ///< when the current one began
  unsigned packets_ = 0, bad_packets_ = 0;
  std::string reason_;
};

}  // namespace voicecast
