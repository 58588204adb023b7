// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// An address of a network interface of this machine.
struct InterfaceAddress {
  std::string interface;
  std::string address;             ///< in the form of address_text()
  bool is_point_to_point = false;  ///< or the only address of its network (IPv4 /32)
};

/// Sorts addresses by the likelihood that other devices reach them: interfaces with a default route, other networks,
/// containers and virtual machines, point-to-point links (VPNs), loopback. Of equal rank IPv4 comes first; the sort is
/// stable. Pure.
std::vector<std::string> in_useful_order(const std::vector<InterfaceAddress>& addresses,
                                         const std::vector<std::string>& default_interfaces);

/// The interface of IPv4's default route with the lowest metric, from the text of /proc/net/route; empty without one.
/// Pure.
std::string default_interface_v4(std::string_view route);
/// The same for IPv6, from the text of /proc/net/ipv6_route. Pure.
std::string default_interface_v6(std::string_view ipv6_route);

/// The addresses of this machine in useful order, without link-local IPv6 addresses. Reads them from the kernel; does
/// no DNS. Any thread.
std::vector<std::string> local_addresses();

}  // namespace voicecast
