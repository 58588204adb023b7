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

/// One of the ports that the server listens on: for HTTP, or that of all WebRTC peers, which is by UDP, too.
struct TcpPort {
  std::string option;  ///< "--port"
  std::uint16_t port = 0;
  int error = 0;                   ///< The errno of an attempt to bind it; 0: it is free.
  std::optional<PortOwner> owner;  ///< Of EADDRINUSE, where /proc tells it.
  std::string running_version;     ///< Of the voicecast that answers there, or empty.
};

/// The UDP ports of --ice-port-range.
struct UdpPorts {
  PortRange range;
  unsigned free = 0;
  int error = 0;  ///< The errno of the last that was not free.
};

struct PortFacts {
  std::string bind;
  std::vector<TcpPort> tcp;
  std::optional<UdpPorts> udp;
  unsigned addresses = 1;  ///< Of this machine, on each of which a sender or listener takes a UDP port.
};

/// Binds each port for a moment, without listening on it, and asks who is there already. `candidates` are the addresses
/// that WebRTC uses. Blocks; see running_version().
PortFacts look_at_ports(const Config& config, const std::vector<std::string>& candidates);

/// Pure.
Findings check_ports(const PortFacts& facts);

}  // namespace voicecast
