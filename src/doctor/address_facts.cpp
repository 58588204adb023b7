// SPDX-License-Identifier: MIT
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <nice/interfaces.h>

#include <algorithm>
#include <memory>

#include "base/address.hpp"
#include "doctor/address_check.hpp"

namespace voicecast {
namespace {

AddressBytes bytes_of(const sockaddr* address) {
  if (address && address->sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&v4);
    return {begin, begin + sizeof v4};
  }
  if (!address || address->sa_family != AF_INET6) return {};
  const auto& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  return {std::begin(v6.s6_addr), std::end(v6.s6_addr)};
}

std::vector<LocalAddress> interface_addresses() {
  ifaddrs* raw = nullptr;
  if (getifaddrs(&raw) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> list(raw, &freeifaddrs);
  std::vector<LocalAddress> all;
  for (const auto* one = raw; one; one = one->ifa_next)
    if (const auto bytes = bytes_of(one->ifa_addr); !bytes.empty() && one->ifa_flags & IFF_UP)
      all.push_back({one->ifa_name, address_text(bytes)});
  return all;
}

/// libnice excludes loopback, and interfaces that its build names: docker…, veth…, virbr… and vnet… in Debian 12. We
/// leave out link-local IPv6, as local_candidates() does.
std::vector<std::string> addresses_of_libnice() {
  std::vector<std::string> addresses;
  GList* list = nice_interfaces_get_local_ips(FALSE);
  for (GList* item = list; item; item = item->next) {
    const auto bytes = parse_address(static_cast<const char*>(item->data));
    const bool is_link_local = bytes && bytes->size() > 4 && (*bytes)[0] == 0xfe && ((*bytes)[1] & 0xc0) == 0x80;
    if (bytes && !is_link_local) addresses.push_back(address_text(*bytes));
  }
  g_list_free_full(list, g_free);
  return addresses;
}

}  // namespace

AddressFacts look_at_addresses(const Config& config) {
  AddressFacts facts{interface_addresses(), addresses_of_libnice(), config.ice_config};
  if (config.ice == IceMode::lite) facts.shared_port = config.ice_port;
  return facts;
}

}  // namespace voicecast
