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
  bool is_shortest = true;  ///< whether the length has its shortest encoding
};

inline constexpr unsigned opcode_continuation = 0, opcode_text = 1, opcode_binary = 2, opcode_close = 8,
                          opcode_ping = 9, opcode_pong = 10;

/// Finds the frame boundaries in one direction of a WebSocket. Pure.
class FrameReader {
 public:
  /// Takes the bytes of the next header from the front of `bytes`; gives the header when it is complete.
  std::optional<FrameHeader> take_header(std::string_view& bytes);
  /// The bytes of the last complete header.
  const std::string& header_bytes() const { return header_; }
  /// Takes the bytes of that frame's payload from the front of `bytes`.
  std::string_view take_payload(std::string_view& bytes);
  bool is_in_payload() const { return payload_left_ > 0; }
  /// Whether a frame has begun but not ended.
  bool is_inside() const { return is_in_payload() || is_in_header_; }

 private:
  std::string header_;
  bool is_in_header_ = false;
  std::uint64_t payload_left_ = 0;
};

/// A close frame from the server (RFC 6455 §5.5.1); `words` are at most 123 bytes. Pure.
std::string close_frame(unsigned code, std::string_view words);

}  // namespace voicecast
