// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// An IP address in network order: 4 bytes or 16.
using AddressBytes = std::vector<std::uint8_t>;

/// Reads "192.168.1.5" or "fd00::1", without brackets, zone or port. Forms that only some resolvers take for an
/// address (decimal, octal, hexadecimal, fewer than four parts) are none. Pure.
std::optional<AddressBytes> parse_address(std::string_view text);

/// The one way to write the address (RFC 5952 for IPv6). Pure.
std::string address_text(const AddressBytes& address);

/// Whether strangers on the Internet cannot have this address: loopback, private (RFC 1918, RFC 4193), link-local
/// (RFC 3927, RFC 4291). An IPv4-mapped address (::ffff:0:0/96) is judged by the IPv4 address it stands for. Not so
/// 100.64.0.0/10 (RFC 6598): it is shared among the customers of a provider, who are strangers. Pure.
bool is_lan_address(const AddressBytes& address);

/// All addresses that share their first bits.
struct AddressRange {
  AddressBytes bytes;
  unsigned bits = 0;
  bool operator==(const AddressRange&) const = default;
};

/// Reads "10.0.0.0/8", "fd00::/8", or a single address. Pure.
std::optional<AddressRange> parse_address_range(std::string_view text);

/// Whether the address is in the range; an IPv4-mapped one is the IPv4 address it stands for. Pure.
bool is_in(const AddressBytes& address, const AddressRange& range);

/// The IPv4 address that ::ffff:0:0/96 stands for; any other address as it is. Pure.
AddressBytes without_mapping(const AddressBytes& address);

}  // namespace voicecast
