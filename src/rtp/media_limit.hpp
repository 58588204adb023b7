// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace voicecast {

/// Limits the decrypted, and so authentic, packets of one peer: their rate and their payload types. Packets over the
/// limit or of another payload type are dropped; a peer that continues is to be ended. One thread.
class MediaLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Verdict { pass, drop, end };

  /// `payload_type` and, for retransmissions (RFC 4588), `rtx_payload_type` are the negotiated ones; all others are
  /// bad.
  MediaLimit(unsigned packets_per_second, unsigned payload_type, std::optional<unsigned> rtx_payload_type = {})
      : packets_per_second_(packets_per_second), payload_type_(payload_type), rtx_payload_type_(rtx_payload_type) {}

  /// Judges an RTP packet of that payload type.
  Verdict judge(unsigned payload_type, Time now);
  /// Judges a packet from a source (SSRC) beyond the number that a peer may use.
  Verdict judge_source(Time now);
  /// Why the verdict is `end`, as a message for people.
  const std::string& reason() const { return reason_; }
  bool is_agreed(unsigned payload_type) const {
    return payload_type == payload_type_ || payload_type == rtx_payload_type_;
  }
  bool is_voice(unsigned payload_type) const { return payload_type == payload_type_; }
  /// How many peers were ended since the program started. Any thread.
  static std::uint64_t ended_count() { return ended_.load(std::memory_order_relaxed); }

  /// Bad packets per second that are only dropped: the first packets of a client may be of a codec that it has just
  /// left.
  static constexpr unsigned tolerated_bad_packets = 50;

 private:
  void begin_second(Time now);
  Verdict bad(const char* reason);
  Verdict end(std::string reason);

  static inline std::atomic<std::uint64_t> ended_{0};  ///< shared by the threads of all peers
  unsigned packets_per_second_, payload_type_;
  std::optional<unsigned> rtx_payload_type_;
  Time second_{};  ///< start of the current second
  unsigned packets_ = 0, bad_packets_ = 0;
  std::string reason_;
};

}  // namespace voicecast
