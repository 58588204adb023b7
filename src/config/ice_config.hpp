// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// A STUN or TURN server (RFC 7064, RFC 7065).
struct IceServer {
  std::string scheme;  ///< stun, turn or turns
  std::string host;    ///< A name, or an IP address without brackets.
  std::uint16_t port = 0;
  std::string transport;             ///< Of TURN: udp, tcp, or empty where it was not said.
  std::string username, credential;  ///< Of TURN. Neither is ever logged.

  bool operator==(const IceServer&) const = default;
};

/// Reads `turn:HOST:PORT?transport=udp`, also with `//` and `USER:PASSWORD@` before the host. None if it is anything
/// else.
std::optional<IceServer> parse_ice_server(std::string_view uri);

/// As WebRTC clients take it: without `//` and without the credentials, which they are told beside it.
std::string uri_of(const IceServer& server);

/// HOST:PORT, with brackets around an IPv6 address.
std::string authority_of(const IceServer& server);

/// UDP ports, both ends included.
struct PortRange {
  std::uint16_t min = 0, max = 0;
  bool operator==(const PortRange&) const = default;
};

/// How WebRTC peers find a way to each other.
struct IceConfig {
  std::vector<std::string> addresses;  ///< The local IP addresses that may be used. Empty: all but loopback.
  std::optional<PortRange> ports;      ///< None: any that is free.
  std::string public_address;          ///< That a 1:1 NAT maps to ours, or empty.
  std::optional<IceServer> stun_server;
  std::vector<IceServer> turn_servers;
  std::string turn_authorities;  ///< A file: who may certify a `turns:` server. Empty: those of the system.

  bool operator==(const IceConfig&) const = default;
};

}  // namespace voicecast
