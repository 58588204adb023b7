// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace voicecast {

/// The header of a WebSocket frame (RFC 6455 §5.2).
struct FrameHeader {
  bool is_final = false, is_masked = false;
  unsigned reserved = 0;  ///< the bits RSV1 to RSV3
  unsigned opcode = 0;
  std::uint64_t payload_bytes = 0;
  bool is_shortest = true;  ///< whether the length is written as short as possible
};

inline constexpr unsigned opcode_continuation = 0, opcode_text = 1, opcode_binary = 2, opcode_close = 8,
                          opcode_ping = 9, opcode_pong = 10;

/// Finds the borders of frames in what one side sends. Pure.
class FrameReader {
 public:
  /// Takes from the front of `bytes` what belongs to the next header; gives it when it is whole.
  std::optional<FrameHeader> take_header(std::string_view& bytes);
  /// The bytes of the header that take_header() gave last.
  const std::string& header_bytes() const { return header_; }
  /// Takes what belongs to the payload of that frame.
  std::string_view take_payload(std::string_view& bytes);
  bool is_in_payload() const { return payload_left_ > 0; }
  /// Whether a frame has begun and is not at its end.
  bool is_inside() const { return is_in_payload() || is_in_header_; }

 private:
  std::string header_;
  bool is_in_header_ = false;
  std::uint64_t payload_left_ = 0;
};

/// A frame of the server's that closes the WebSocket (RFC 6455 §5.5.1); `words` are at most 123 bytes. Pure.
std::string close_frame(unsigned code, std::string_view words);

}  // namespace voicecast
