// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/address.hpp"

namespace voicecast {

/// The largest ?burst= and --mp3-burst, in bytes of already sent audio.
inline constexpr std::size_t max_burst_bytes = 512 * 1024;

/// A limit per address, optionally with another value for the local network. 0: no limit.
struct PerAddress {
  PerAddress(unsigned of_each = 0, std::optional<unsigned> of_each_local = {})  // NOLINT: converts from one number
      : everywhere(of_each), local(of_each_local) {}
  unsigned everywhere;
  std::optional<unsigned> local;  ///< empty: as everywhere
  unsigned of(bool is_local) const { return is_local ? local.value_or(everywhere) : everywhere; }
  bool operator==(const PerAddress&) const = default;
};

/// The limits of the server. The defaults suit a Raspberry Pi 4; docs/security.md has the arithmetic.
struct Limits {
  // In total
  unsigned connections = 2000;  ///< of TCP
  unsigned clients = 300;       ///< WebSockets
  unsigned streams = 16;        ///< senders, counted from the offer
  unsigned receivers_per_stream = 100;
  unsigned peers = 1000;          ///< WebRTC connections of senders and receivers, until they are stopped
  unsigned mp3_listeners = 1000;  ///< over HTTP, in MP3 or Opus
  unsigned descriptors = 16384;

  // Per client
  std::chrono::seconds request_time{10};  ///< for a complete request, from the connection or the previous request
  std::chrono::seconds idle_time{30};     ///< for a response and the wait for the next request
  std::chrono::seconds ping_interval{20};
  unsigned packets_per_second = 1000;  ///< of a sender, RTP and RTCP
  unsigned messages_per_second = 50;   ///< of a WebSocket, including pings; a burst may have those of four seconds

  // Per address, by counting_key()
  PerAddress connections_per_address;
  PerAddress websockets_per_address;
  PerAddress requests_per_minute;
  PerAddress stream_interval_s;               ///< minimum seconds between new streams
  std::vector<AddressRange> trusted_proxies;  ///< whose X-Forwarded-For names the client

  bool operator==(const Limits&) const = default;
};

}  // namespace voicecast
