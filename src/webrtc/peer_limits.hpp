// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "access/rate_limit.hpp"
#include "base/result.hpp"

namespace voicecast {

/// The time limit for establishing a connection. An established one lives as long as the peer consents (RFC 7675),
/// which the ICE agent checks: a voice may be silent, and a small receiver sends no RTCP.
inline constexpr std::chrono::seconds connect_limit{15};

inline Error no_connection_after(std::chrono::seconds time) {
  return {ErrorCode::failed, "no connection after " + std::to_string(time.count()) + " s"};
}

inline Error no_address() {
  return {ErrorCode::busy, "no local address or UDP port is available (--ice-address, --ice-port-range)"};
}

/// Of an answer: ICE needs a side that makes checks (RFC 8445 §6.1.1).
inline Error both_are_lite() {
  return {ErrorCode::unsupported,
          "both sides are a=ice-lite, and neither makes checks: receive by WHEP, or run the server with --ice full"};
}

/// Limits the ICE restarts of a peer: a burst, then one per interval. Each causes a hundred checks; a phone in motion
/// needs one per minute.
class RestartLimit {
 public:
  Status admit() {
    if (!limit_.refuse("", std::chrono::steady_clock::now())) return success();
    return Error{ErrorCode::busy, "too many ICE restarts: try again in 10 s"};
  }

 private:
  static constexpr unsigned at_once = 10;
  static constexpr std::chrono::seconds interval{10};
  RateLimit limit_{at_once, interval};
};

}  // namespace voicecast
