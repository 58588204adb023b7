// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connection/frame_reader.hpp"

namespace voicecast {

/// The largest WebSocket message in bytes, over all its fragments: an SDP has under 10 kB.
inline constexpr std::size_t max_message_bytes = 256 * 1024;

/// Why a WebSocket is closed: the status code (RFC 6455 §7.4.1) and a reason for people.
struct MessageViolation {
  unsigned code;
  std::string_view words;
};

/// Checks the frames of a WebSocket client: validity, message size, and message rate. Pure.
class MessageRules {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit MessageRules(unsigned messages_per_second) : rate_(messages_per_second), tokens_(rate_ * burst_seconds) {}

  /// Takes a part of one frame from the front of `bytes` and appends it to `passed`. Do not call it after a violation.
  std::optional<MessageViolation> take(std::string_view& bytes, std::string& passed, Time now);
  bool is_in_payload() const { return frames_.is_in_payload(); }
  bool is_in_header() const { return frames_.is_inside() && !frames_.is_in_payload(); }
  /// Whether the client has sent a close frame, after which it may send nothing.
  bool is_closed() const { return is_closed_; }

  /// The burst, in seconds of the rate: a peer sends its candidates at once.
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
