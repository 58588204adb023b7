// SPDX-License-Identifier: MIT
#include "access/client_address.hpp"

#include <algorithm>

namespace voicecast {
namespace {

constexpr std::size_t network_bytes = 8;  // of an IPv6 address, RFC 4291 §2.5.4

bool is_trusted(const AddressBytes& address, std::span<const AddressRange> proxies) {
  return std::ranges::any_of(proxies, [&](const AddressRange& range) { return is_in(address, range); });
}

/// Takes the last entry off the list: "1.2.3.4", "1.2.3.4:567", "[::1]:567", "::1".
std::optional<AddressBytes> take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  auto entry = comma == list.npos ? list : list.substr(comma + 1);
  list = comma == list.npos ? std::string_view() : list.substr(0, comma);
  while (entry.starts_with(' ')) entry.remove_prefix(1);
  while (entry.ends_with(' ')) entry.remove_suffix(1);
  if (entry.starts_with('[')) {
    const auto end = entry.find(']');
    return end == entry.npos ? std::nullopt : parse_address(entry.substr(1, end - 1));
  }
  if (std::ranges::count(entry, ':') == 1) entry = entry.substr(0, entry.find(':'));
  return parse_address(entry);
}

}  // namespace

AddressBytes client_address(const AddressBytes& peer, std::optional<std::string_view> forwarded_for,
                            std::span<const AddressRange> trusted_proxies) {
  auto client = without_mapping(peer);
  auto list = forwarded_for.value_or("");
  while (!list.empty() && is_trusted(client, trusted_proxies)) {
    const auto before = take_last(list);
    if (!before) break;
    client = without_mapping(*before);
  }
  return client;
}

std::string counting_key(const AddressBytes& address) {
  const auto plain = without_mapping(address);
  const auto size = is_lan_address(plain) ? plain.size() : std::min(plain.size(), network_bytes);
  return {plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size)};
}

bool is_local_key(const std::string& key) { return is_lan_address({key.begin(), key.end()}); }

}  // namespace voicecast
