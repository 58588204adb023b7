// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace voicecast {

/// The version of the voicecast that answers on this local port; nothing for another program. `address`: the address it
/// listens on, empty for every interface. Blocks for three seconds at most; any
/// thread.
std::optional<std::string> running_version(const std::string& address, std::uint16_t port, bool is_tls);

}  // namespace voicecast
