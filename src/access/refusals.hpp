// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// Why a connection, a request or a client is refused, as in /metrics.
enum class RefusalReason {
  connections,  ///< too many, of one address or in total
  tls,          ///< the TLS handshake failed
  late,         ///< a request, or a TLS ClientHello, was not complete in time
  malformed,    ///< invalid HTTP, or too large
  stalled,      ///< the client sends, but does not read
  rate,         ///< too many requests per minute
  origin,       ///< a page of another site, or a foreign host name
  token,        ///< a missing or invalid token
  grant,        ///< a valid token without the permission
  websockets,   ///< too many, of one address or in total
  messages,     ///< a WebSocket message that is too large, binary or invalid
  listeners,    ///< too many over HTTP
  streams,      ///< too many, or an address opens them too fast
  receivers,    ///< too many of the stream
  descriptors,  ///< too many open files and sockets
  media,        ///< a peer exceeded the packet rate, or sent packets that were not negotiated
  peers,        ///< too many WebRTC connections
};

inline constexpr std::size_t refusal_reason_count = 17;

/// The values of the label "reason" in /metrics, in the order of RefusalReason.
inline constexpr std::array<const char*, refusal_reason_count> refusal_words{
    "connections", "tls",      "late",      "malformed", "stalled",   "rate",        "origin", "token", "grant",
    "websockets",  "messages", "listeners", "streams",   "receivers", "descriptors", "media",  "peers"};

/// The number of refusals by reason since the program started. Main thread.
class RefusalCounts {
 public:
  void add(RefusalReason reason, std::uint64_t more = 1) { counts_[static_cast<std::size_t>(reason)] += more; }
  std::uint64_t of(RefusalReason reason) const { return counts_[static_cast<std::size_t>(reason)]; }

 private:
  std::array<std::uint64_t, refusal_reason_count> counts_{};
};

}  // namespace voicecast
