// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// An address of an interface of this machine.
struct InterfaceAddress {
  std::string interface;
  std::string address;             ///< in the form of address_text()
  bool is_point_to_point = false;  ///< or alone in its network (IPv4 /32)
};

/// In the order in which another device most likely reaches this machine: the interfaces with a default route, others
/// of the network, those of containers and virtual machines, point-to-point links (VPNs) and loopback. Of equal ones
/// IPv4 comes first, and otherwise the order stays. Pure.
std::vector<std::string> in_useful_order(const std::vector<InterfaceAddress>& addresses,
                                         const std::vector<std::string>& default_interfaces);

/// The interface of IPv4's default route, of several that with the lowest metric, by the text of /proc/net/route; empty
/// without one. Pure.
std::string default_interface_v4(std::string_view route);
/// The same of IPv6, by the text of /proc/net/ipv6_route. Pure.
std::string default_interface_v6(std::string_view ipv6_route);

/// This machine's addresses in useful order, without IPv6's link-local ones. Any thread; asks the kernel only.
std::vector<std::string> local_addresses();

}  // namespace voicecast
