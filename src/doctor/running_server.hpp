// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace voicecast {

/// The version of the voicecast that answers on this port of this machine; none where something else does. `address` is
/// where it listens, empty for every interface. Blocks, for three seconds where nothing is answered.
std::optional<std::string> running_version(const std::string& address, std::uint16_t port, bool is_tls);

}  // namespace voicecast
