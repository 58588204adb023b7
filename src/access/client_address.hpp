// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/address.hpp"

namespace voicecast {

/// Who asks: the address of the connection, or, where that is a trusted proxy's, the last one in X-Forwarded-For that
/// is not a trusted proxy's too. What stands before it is the client's own invention, and what does not parse ends the
/// search. Pure.
AddressBytes client_address(const AddressBytes& peer, std::optional<std::string_view> forwarded_for,
                            std::span<const AddressRange> trusted_proxies);

/// Under what an address is counted: an address of the local network (see is_lan_address()), which is a device; else an
/// IPv4 address, or the /64 of an IPv6 one, all of which one customer has. Pure.
std::string counting_key(const AddressBytes& address);

/// Whether what counting_key() gave is of the local network. Pure.
bool is_local_key(const std::string& key);

}  // namespace voicecast
