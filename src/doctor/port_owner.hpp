// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// Who listens on a port.
struct PortOwner {
  int pid = 0;       ///< 0: not told. Another user's program shows its files to root only.
  std::string name;  ///< Of the program, as the kernel has it: 15 characters.
  unsigned user_id = 0;
  bool operator==(const PortOwner&) const = default;
};

/// Systemd itself, which has sockets for others. Pure.
bool is_systemd(const PortOwner& owner);

/// A socket that listens, as /proc/net/tcp and tcp6 have it.
struct ListeningSocket {
  std::uint64_t inode = 0;
  unsigned user_id = 0;
  bool operator==(const ListeningSocket&) const = default;
};

/// Those on the port, by the text of such a table. Pure.
std::vector<ListeningSocket> listening_sockets(std::string_view table, std::uint16_t port);

/// Who listens on the TCP port. Of a socket that systemd has passed on it is who got it. Nobody where /proc does not
/// tell.
std::optional<PortOwner> owner_of(std::uint16_t port);

}  // namespace voicecast
