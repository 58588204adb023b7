// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// The process that listens on a port.
struct PortOwner {
  int pid = 0;       ///< 0: unknown; only root sees other users' descriptors.
  std::string name;  ///< The kernel's name of the program, up to 15 characters.
  unsigned user_id = 0;
  bool operator==(const PortOwner&) const = default;
};

/// Whether it is systemd, which opens sockets for services. Pure.
bool is_systemd(const PortOwner& owner);

/// A listening socket of /proc/net/tcp or tcp6.
struct ListeningSocket {
  std::uint64_t inode = 0;
  unsigned user_id = 0;
  bool operator==(const ListeningSocket&) const = default;
};

/// The listening sockets of the port in the text of such a table. Pure.
std::vector<ListeningSocket> listening_sockets(std::string_view table, std::uint16_t port);

/// The process that listens on the TCP port; for a socket passed by systemd, the service. Nothing if /proc does not
/// show it. Blocks on /proc.
std::optional<PortOwner> owner_of(std::uint16_t port);

}  // namespace voicecast
