// SPDX-License-Identifier: MIT
#include "connection/message_rules.hpp"

#include <algorithm>

namespace voicecast {
namespace {

constexpr std::size_t max_control_bytes = 125;  // RFC 6455 §5.5

/// Continuation fragments of this size cost no more than their bytes, and do not count as messages.
constexpr std::size_t large_fragment_bytes = 512;

constexpr unsigned protocol_error = 1002, policy_violation = 1008, too_big = 1009;

bool is_control(const FrameHeader& frame) { return frame.opcode >= opcode_close; }

MessageViolation broken(std::string_view words) { return {protocol_error, words}; }

}  // namespace

std::optional<MessageViolation> MessageRules::take(std::string_view& bytes, std::string& passed, Time now) {
  if (frames_.is_in_payload()) {
    passed += frames_.take_payload(bytes);
  } else if (const auto frame = frames_.take_header(bytes)) {
    if (auto violation = check(*frame, now)) return violation;
    passed += frames_.header_bytes();
  }
  is_closed_ = has_sent_close_ && !frames_.is_inside();
  return std::nullopt;
}

std::optional<MessageViolation> MessageRules::check(const FrameHeader& frame, Time now) {
  if (frame.reserved) return broken("reserved bits of a frame are set");
  if (!frame.is_masked) return broken("a frame of a client must be masked");
  if (frame.opcode > opcode_pong || (frame.opcode > opcode_binary && frame.opcode < opcode_close))
    return broken("unknown opcode");
  if (is_too_fast(frame, now)) return MessageViolation{policy_violation, "too many messages"};
  if (!is_control(frame)) return check_message(frame);
  if (!frame.is_final || frame.payload_bytes > max_control_bytes || !frame.is_shortest)
    return broken("a control frame has 125 bytes at most and no fragments");
  has_sent_close_ = has_sent_close_ || frame.opcode == opcode_close;
  return std::nullopt;
}

std::optional<MessageViolation> MessageRules::check_message(const FrameHeader& frame) {
  const bool is_first = frame.opcode != opcode_continuation;
  if (is_first == is_in_message_) return broken("the fragments of a message are out of order");
  if (is_first) message_bytes_ = 0;
  if (frame.payload_bytes > max_message_bytes - message_bytes_)
    return MessageViolation{too_big, "a message may have 256 KiB at most"};
  if (!frame.is_shortest) return broken("the length of a frame is longer than it must be");
  message_bytes_ += frame.payload_bytes;
  is_in_message_ = !frame.is_final;
  return std::nullopt;
}

bool MessageRules::is_too_fast(const FrameHeader& frame, Time now) {
  if (frame.opcode == opcode_continuation && frame.payload_bytes >= large_fragment_bytes) return false;
  const std::chrono::duration<double> passed = now - counted_.value_or(now);
  counted_ = now;
  tokens_ = std::min(rate_ * burst_seconds, tokens_ + passed.count() * rate_) - 1;
  return tokens_ < 0;
}

}  // namespace voicecast
