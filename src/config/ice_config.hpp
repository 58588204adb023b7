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
  std::string host;    ///< A host name, or an IP address without brackets.
  std::uint16_t port = 0;
  std::string transport;             ///< For TURN: udp, tcp, or empty if not given.
  std::string username, credential;  ///< For TURN. Never logged.

  bool operator==(const IceServer&) const = default;
};

/// Parses `turn:HOST:PORT?transport=udp`, also with `//` and `USER:PASSWORD@` before the host. Nothing for other text.
/// Pure.
std::optional<IceServer> parse_ice_server(std::string_view uri);

/// The URI for WebRTC clients: without `//` and without the credentials, which RTCIceServer has apart.
std::string uri_of(const IceServer& server);

/// `HOST:PORT`, with brackets around an IPv6 address.
std::string authority_of(const IceServer& server);

/// A range of UDP ports, inclusive.
struct PortRange {
  std::uint16_t min = 0, max = 0;
  bool operator==(const PortRange&) const = default;
};

/// The settings of ICE (RFC 8445).
struct IceConfig {
  std::vector<std::string> addresses;  ///< Local IP addresses. Empty: all but loopback.
  std::optional<PortRange> ports;      ///< Nothing: any free port.
  std::string public_address;          ///< The address of a 1:1 NAT, or empty.
  std::optional<IceServer> stun_server;
  std::vector<IceServer> turn_servers;
  std::string turn_authorities;  ///< A file with the authorities of `turns:` servers. Empty: the system's.

  bool operator==(const IceConfig&) const = default;
};

}  // namespace voicecast
