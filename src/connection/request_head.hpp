// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "connection/error_response.hpp"

namespace voicecast {

/// Limits of one request; docs/security.md has the reasons.
inline constexpr std::size_t max_request_line_bytes = 8 * 1024;
inline constexpr std::size_t max_head_bytes = 16 * 1024;
inline constexpr std::size_t max_header_fields = 100;
inline constexpr std::size_t max_body_bytes = 64 * 1024;

/// How long a request's body is (RFC 9112 §6).
enum class Framing { length, chunked };

/// The head of a valid request.
struct RequestHead {
  std::string text;  ///< the head in canonical form: CRLF, single spaces, UTF-8
  std::string target, host;
  Framing framing = Framing::length;
  std::size_t body_bytes = 0;  ///< with Framing::length
  bool is_head_request = false;
};

/// Validates a complete request head, from the request line to the empty line: RFC 9112, without constructs that only
/// attackers send (folded fields, two lengths, invalid percent-encoding, "..", NUL). Lines end with CRLF, or all of
/// them with LF alone (§2.2): programs interpret a mixture differently. Gives the head, or the error response. Pure.
std::variant<RequestHead, ErrorResponse> check_head(std::string_view head);

}  // namespace voicecast
