// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// Why connections, requests and clients are refused, as operators are told it.
enum class RefusalReason {
  connections,  ///< there are too many, of one address or of all
  tls,          ///< no TLS came about
  late,         ///< a request, or the hello of TLS, did not come completely in time
  malformed,    ///< no good HTTP, or too large
  stalled,      ///< the client goes on sending, but takes nothing of what he is sent
  rate,         ///< too many requests a minute
  origin,       ///< another site's page, or a host name that is not ours
  token,        ///< it is missing, or no good
  grant,        ///< the token is good, but does not allow this
  websockets,   ///< there are too many, of one address or of all
  messages,     ///< of a WebSocket: too large, binary, or not understood
  listeners,    ///< there are too many over HTTP
  streams,      ///< there are too many, or an address opens them too fast
  receivers,    ///< the stream has too many
  descriptors,  ///< too many files and sockets are open
  media,        ///< a peer sent too much, or what was not agreed on
  peers,        ///< there are too many WebRTC connections
};

inline constexpr std::size_t refusal_reason_count = 17;

/// The words for them in /metrics, in their order.
inline constexpr std::array<const char*, refusal_reason_count> refusal_words{
    "connections", "tls",      "late",      "malformed", "stalled",   "rate",        "origin", "token", "grant",
    "websockets",  "messages", "listeners", "streams",   "receivers", "descriptors", "media",  "peers"};

/// How often each has happened since the start.
class RefusalCounts {
 public:
  void add(RefusalReason reason, std::uint64_t more = 1) { counts_[static_cast<std::size_t>(reason)] += more; }
  std::uint64_t of(RefusalReason reason) const { return counts_[static_cast<std::size_t>(reason)]; }

 private:
  std::array<std::uint64_t, refusal_reason_count> counts_{};
};

}  // namespace voicecast
