// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connection/frame_reader.hpp"

namespace voicecast {

/// The largest message of a WebSocket, all its fragments together: an SDP is under 10 kB.
inline constexpr std::size_t max_message_bytes = 256 * 1024;

/// Why a WebSocket is closed: the code of RFC 6455 §7.4.1 and a reason in words.
struct MessageViolation {
  unsigned code;
  std::string_view words;
};

/// What a WebSocket's client may send: frames by the rules, messages up to the limit, and so many of them a second.
/// Pure.
class MessageRules {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit MessageRules(unsigned messages_per_second) : rate_(messages_per_second), tokens_(rate_ * burst_seconds) {}

  /// Takes from the front of `bytes` a part of one frame, and appends it to `passed`. After a violation it must not be
  /// called again.
  std::optional<MessageViolation> take(std::string_view& bytes, std::string& passed, Time now);
  bool is_in_payload() const { return frames_.is_in_payload(); }
  bool is_in_header() const { return frames_.is_inside() && !frames_.is_in_payload(); }
  /// Whether the client has closed the WebSocket: it may send no more.
  bool is_closed() const { return is_closed_; }

  /// So many seconds' messages may come at once: a peer's candidates do.
  static constexpr double burst_seconds = 4;

 private:
  std::optional<MessageViolation> check(const FrameHeader& frame, Time now);
  std::optional<MessageViolation> check_message(const FrameHeader& frame);
  bool is_too_fast(const FrameHeader& frame, Time now);

  FrameReader frames_;
  double rate_, tokens_;
  std::optional<Time> counted_;
  std::size_t message_bytes_ = 0;
  bool is_in_message_ = false, is_closed_ = false, has_sent_close_ = false;
};

}  // namespace voicecast
