// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/ice_config.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// The result of a request to a STUN or TURN server.
struct IceServerFacts {
  std::string uri;    ///< Without credentials.
  std::string error;  ///< Empty: it answers.
};

/// The input of check_ice_servers().
struct IceServersFacts {
  std::vector<IceServerFacts> servers;
  std::string tunnel_error;  ///< An error of the tunnel to `turns:` servers, or empty.
};

/// Resolves the configured servers; sends a STUN Binding request (RFC 8489 §6) to those over UDP and connects to those
/// over TCP, in parallel, for two seconds at most. Blocks.
IceServersFacts look_at_ice_servers(const IceConfig& ice);

/// Pure.
Findings check_ice_servers(const IceServersFacts& facts);

}  // namespace voicecast
