#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "access/refusals.hpp"

namespace voicecast {

/// Limits of one request; docs/security.md has the reasons.
inline constexpr std::size_t max_request_line_bytes = 8 * 1024;
inline constexpr std::size_t max_head_bytes = 16 * 1024;
inline constexpr std::size_t max_header_fields = 100;
inline constexpr std::size_t max_body_bytes = 64 * 1024;

/// Why a request is refused, as its response has it.
struct Refusal {
  unsigned status;
  std::string words;
  RefusalReason reason = RefusalReason::malformed;
};

/// What the head of a good request says of what follows it.
struct RequestHead {
  std::size_t body_bytes = 0;
  bool is_upgrade = false;  ///< to a WebSocket, which follows then
};

/// Judges a whole request head, from the request line to the empty line, which ends in CRLF CRLF: RFC 9112, without
/// what only attackers still send (folded lines, bare LF, two lengths, chunked requests, broken percent-encoding, ".."
/// and NUL in any disguise). Pure.
std::variant<RequestHead, Refusal> check_head(std::string_view head);

/// All that comes in on one connection, let through request by request: a head only when it is whole and good, a body
/// as long as was announced, and everything after an upgrade. Pure.
class RequestGate {
 public:
  /// Takes what came. After a refusal nothing is let through any more.
  std::optional<Refusal> take(std::string_view bytes);
  /// Moves up to `size` bytes of what may pass to `to`; gives their number.
  std::size_t give(char* to, std::size_t size);
  bool has_more() const { return !passed_.empty(); }
  /// Whether a request has begun and not all of it has come.
  bool is_inside_request() const { return !head_.empty() || body_left_ > 0; }
  /// Whether what comes now is no longer HTTP.
  bool is_upgraded() const { return is_upgraded_; }

 private:
  std::optional<Refusal> take_head(std::string_view& bytes);
  void take_body(std::string_view& bytes);

  std::string head_, passed_;
  std::size_t body_left_ = 0;
  bool is_upgraded_ = false, is_refused_ = false;
};

}  // namespace voicecast
