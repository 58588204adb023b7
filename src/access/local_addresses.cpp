// SPDX-License-Identifier: MIT
#include "access/local_addresses.hpp"

#include <glib.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>

#include "base/address.hpp"
#include "base/text.hpp"

namespace voicecast {
namespace {

bool begins_with_any(std::string_view name, std::initializer_list<std::string_view> starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return name.starts_with(start); });
}

/// Docker names bridges "br-" and twelve hexadecimal digits.
bool is_docker_network(std::string_view name) {
  return name.size() == 15 && name.starts_with("br-") &&
         std::ranges::all_of(name.substr(3), [](char c) { return g_ascii_isxdigit(c); });
}

bool is_for_containers(std::string_view name) {
  return is_docker_network(name) ||
         begins_with_any(name, {"docker", "veth", "virbr", "vnet", "vboxnet", "vmnet", "lxcbr", "lxdbr", "incusbr",
                                "podman", "cni", "cali", "flannel", "kube"});
}

bool is_tunnel(const InterfaceAddress& one) {
  return one.is_point_to_point || begins_with_any(one.interface, {"wg", "tun", "tap", "ppp", "tailscale", "zt"});
}

struct Rank {
  int use;
  bool is_v6;
  auto operator<=>(const Rank&) const = default;
};

Rank rank_of(const InterfaceAddress& one, const std::vector<std::string>& default_interfaces) {
  const bool is_v6 = one.address.find(':') != std::string::npos;
  if (std::ranges::find(default_interfaces, one.interface) != default_interfaces.end()) return {0, is_v6};
  if (one.interface == "lo") return {4, is_v6};
  if (is_for_containers(one.interface)) return {2, is_v6};
  return {is_tunnel(one) ? 3 : 1, is_v6};
}

std::string text_of(const char* file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// The interface of the row with the lowest metric; `metric_of` gives nothing for rows to skip.
template <class Metric>
std::string lowest(std::string_view table, std::size_t interface_column, Metric metric_of) {
  std::string interface;
  auto best = std::numeric_limits<unsigned>::max();
  for (const auto row : split(table, '\n')) {
    std::istringstream in{std::string(row)};
    const std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
    const std::optional<unsigned> metric = metric_of(words);
    if (!metric || *metric >= best) continue;
    best = *metric;
    interface = words[interface_column];
  }
  return interface;
}

std::optional<unsigned> number(const std::string& text, int base) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return problem == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<AddressBytes> bytes_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
    return AddressBytes(begin, begin + sizeof(in_addr));
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  const auto& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  if (IN6_IS_ADDR_LINKLOCAL(&v6)) return std::nullopt;
  return AddressBytes(std::begin(v6.s6_addr), std::end(v6.s6_addr));
}

bool is_alone(const ifaddrs& one) {
  const auto* mask = reinterpret_cast<const sockaddr_in*>(one.ifa_netmask);
  return one.ifa_addr->sa_family == AF_INET && mask && mask->sin_addr.s_addr == INADDR_NONE;
}

}  // namespace

std::vector<std::string> in_useful_order(const std::vector<InterfaceAddress>& addresses,
                                         const std::vector<std::string>& default_interfaces) {
  auto sorted = addresses;
  std::ranges::stable_sort(sorted, {}, [&](const InterfaceAddress& one) { return rank_of(one, default_interfaces); });
  std::vector<std::string> texts;
  for (const auto& one : sorted)
    if (std::ranges::find(texts, one.address) == texts.end()) texts.push_back(one.address);
  return texts;
}

/// Iface Destination Gateway Flags RefCnt Use Metric Mask …
std::string default_interface_v4(std::string_view route) {
  return lowest(route, 0, [](const std::vector<std::string>& words) -> std::optional<unsigned> {
    const bool is_default = words.size() >= 8 && words[1] == "00000000" && words[7] == "00000000";
    return is_default ? number(words[6], 10) : std::nullopt;
  });
}

/// Destination prefix source prefix next-hop metric references use flags interface. The kernel's own unreachable route
/// is of lo.
std::string default_interface_v6(std::string_view ipv6_route) {
  constexpr std::size_t metric = 5, interface = 9;
  return lowest(ipv6_route, interface, [](const std::vector<std::string>& words) -> std::optional<unsigned> {
    const bool is_default = words.size() > interface && words[1] == "00" && words[interface] != "lo" &&
                            words[0].find_first_not_of('0') == std::string::npos;
    return is_default ? number(words[metric], 16) : std::nullopt;
  });
}

std::vector<std::string> local_addresses() {
  ifaddrs* raw = nullptr;
  if (getifaddrs(&raw) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(raw, &freeifaddrs);
  std::vector<InterfaceAddress> addresses;
  for (const auto* one = raw; one; one = one->ifa_next) {
    const auto bytes = one->ifa_addr ? bytes_of(one->ifa_addr) : std::nullopt;
    if (!bytes) continue;
    const bool is_point_to_point = (one->ifa_flags & IFF_POINTOPOINT) != 0 || is_alone(*one);
    addresses.push_back({one->ifa_name, address_text(*bytes), is_point_to_point});
  }
  // /proc/net is a link into the part of /proc that ProcSubset=pid hides.
  return in_useful_order(addresses, {default_interface_v4(text_of("/proc/self/net/route")),
                                     default_interface_v6(text_of("/proc/self/net/ipv6_route"))});
}

}  // namespace voicecast
