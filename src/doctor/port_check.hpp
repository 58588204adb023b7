// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/port_owner.hpp"

namespace voicecast {

/// A listening port of the server: for HTTP, or the ICE port, which uses UDP, too.
struct TcpPort {
  std::string option;  ///< "--port"
  std::uint16_t port = 0;
  int error = 0;                   ///< The errno of bind(); 0: free.
  std::optional<PortOwner> owner;  ///< With EADDRINUSE, from /proc if permitted.
  std::string running_version;     ///< The version of a running voicecast there, or empty.
};

/// The UDP ports of --ice-port-range.
struct UdpPorts {
  PortRange range;
  unsigned free = 0;
  int error = 0;  ///< The errno of the last failed bind().
};

/// The input of check_ports().
struct PortFacts {
  std::string bind;
  std::vector<TcpPort> tcp;
  std::optional<UdpPorts> udp;
  unsigned addresses = 1;  ///< Candidate addresses: each peer uses a UDP port on each.
};

/// Binds each port briefly, without listening, and identifies the owner of a port in use. `candidates`: WebRTC's
/// addresses. Blocks; see running_version().
PortFacts look_at_ports(const Config& config, const std::vector<std::string>& candidates);

/// Pure.
Findings check_ports(const PortFacts& facts);

}  // namespace voicecast
