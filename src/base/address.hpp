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

/// Parses "192.168.1.5" or "fd00::1", without brackets, zone or port. Accepts the strict forms only: nothing for
/// decimal, octal or hexadecimal IPv4 addresses, or those of fewer than four parts. Pure.
std::optional<AddressBytes> parse_address(std::string_view text);

/// The canonical text of the address (RFC 5952 for IPv6); "?" for bytes of another length. Pure.
std::string address_text(const AddressBytes& address);

/// Whether the address is not reachable from the Internet: loopback, private (RFC 1918, RFC 4193) or link-local (RFC
/// 3927, RFC 4291). An IPv4-mapped address (::ffff:0:0/96) counts as its IPv4 address. 100.64.0.0/10 (RFC 6598) does
/// not count as LAN: the customers of a provider share it. Pure.
bool is_lan_address(const AddressBytes& address);

/// All addresses whose first `bits` bits are equal.
struct AddressRange {
  AddressBytes bytes;
  unsigned bits = 0;
  bool operator==(const AddressRange&) const = default;
};

/// Parses "10.0.0.0/8", "fd00::/8", or a single address; nothing for an invalid text. Pure.
std::optional<AddressRange> parse_address_range(std::string_view text);

/// Whether the address is in the range; an IPv4-mapped address counts as its IPv4 address. Pure.
bool is_in(const AddressBytes& address, const AddressRange& range);

/// The IPv4 address of an IPv4-mapped one (::ffff:0:0/96); any other address unchanged. Pure.
AddressBytes without_mapping(const AddressBytes& address);

}  // namespace voicecast
