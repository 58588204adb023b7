// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/ice_config.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// How a STUN or TURN server was found.
struct IceServerFacts {
  std::string uri;    ///< Without its password.
  std::string error;  ///< Why it is of no use, or empty.
};

struct IceServersFacts {
  std::vector<IceServerFacts> servers;
  std::string tunnel_error;  ///< Why the way to a `turns:` server cannot be made at all, or empty.
};

/// Looks up the servers that are configured, and no other; asks those over UDP by one STUN Binding request (RFC 8489
/// §6) and connects to those over TCP, all at once, for two seconds at most. Blocks.
IceServersFacts look_at_ice_servers(const IceConfig& ice);

/// Pure.
Findings check_ice_servers(const IceServersFacts& facts);

}  // namespace voicecast
