// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/address.hpp"

namespace voicecast {

/// How much of what was sent before a listener may ask for with ?burst= and --mp3-burst.
inline constexpr std::size_t max_burst_bytes = 512 * 1024;

/// A limit of each address, and perhaps another one of those of the local network. 0: none.
struct PerAddress {
  PerAddress(unsigned of_each = 0,
             std::optional<unsigned> of_each_local = {})  // NOLINT: a number is the same everywhere
      : everywhere(of_each), local(of_each_local) {}
  unsigned everywhere;
  std::optional<unsigned> local;  ///< not said: the same
  unsigned of(bool is_local) const { return is_local ? local.value_or(everywhere) : everywhere; }
  bool operator==(const PerAddress&) const = default;
};

/// What the server takes on, at most. The defaults are what a Raspberry Pi 4 carries; docs/security.md has the
/// arithmetic.
struct Limits {
  // All together
  unsigned connections = 2000;  ///< TCP, whatever they are for
  unsigned clients = 300;       ///< WebSockets
  unsigned streams = 16;        ///< senders, from their offer on
  unsigned receivers_per_stream = 100;
  unsigned peers = 1000;          ///< WebRTC connections, senders' and receivers', until they are stopped
  unsigned mp3_listeners = 1000;  ///< over HTTP, of Opus as well
  unsigned descriptors = 16384;

  // Each client
  std::chrono::seconds request_time{10};  ///< for a whole request, from the connection or the end of the last one on
  std::chrono::seconds idle_time{30};     ///< for a response and the wait for the next request
  std::chrono::seconds ping_interval{20};
  unsigned packets_per_second = 1000;  ///< of a sender, RTP and RTCP
  unsigned messages_per_second = 50;   ///< of a WebSocket, pings too; so many in four seconds may come at once

  // Each address, as counting_key() has it
  PerAddress connections_per_address;
  PerAddress websockets_per_address;
  PerAddress requests_per_minute;
  PerAddress stream_interval_s;               ///< one new stream in so many seconds
  std::vector<AddressRange> trusted_proxies;  ///< whose X-Forwarded-For names the client

  bool operator==(const Limits&) const = default;
};

}  // namespace voicecast
