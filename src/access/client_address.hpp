// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/address.hpp"

namespace voicecast {

/// The client's address: that of the connection or, behind trusted proxies, the last address in X-Forwarded-For that is
/// not a trusted proxy's. The entries before it are under the client's control and are ignored; an invalid entry ends
/// the search. Pure.
AddressBytes client_address(const AddressBytes& peer, std::optional<std::string_view> forwarded_for,
                            std::span<const AddressRange> trusted_proxies);

/// The key of an address for limits and counters: the address itself on the local network (see is_lan_address()) or for
/// IPv4, else the /64 of the IPv6 address, which belongs to one customer. Pure.
std::string counting_key(const AddressBytes& address);

/// Whether the key from counting_key() is of the local network. Pure.
bool is_local_key(const std::string& key);

}  // namespace voicecast
