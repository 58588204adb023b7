#pragma once

#include <chrono>
#include <vector>

#include "access/address.hpp"

namespace voicecast {

/// What the server takes on, at most. The defaults are what a Raspberry Pi 4 carries; docs/security.md has the
/// arithmetic. 0 switches a limit per address off.
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

  // Each address
  unsigned connections_per_address = 0;
  unsigned websockets_per_address = 0;
  unsigned requests_per_minute = 0;
  unsigned stream_interval_s = 0;             ///< one new stream in so many seconds
  std::vector<AddressRange> trusted_proxies;  ///< whose X-Forwarded-For names the client

  bool operator==(const Limits&) const = default;
};

}  // namespace voicecast
