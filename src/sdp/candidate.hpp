// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// Validates a remote candidate ("candidate:…" of RFC 8839 §5.1, with or without "a=") and rewrites it from the parsed
/// fields, so that no client text reaches the ICE agent. An Error (bad_message) says what is malformed. An empty result
/// stands for a well-formed candidate that is not supported and is ignored, as trickle ICE requires: an mDNS name
/// (resolving it would send queries on behalf of an untrusted client), TCP, a second component, an unknown type. Pure.
Result<std::string> check_candidate(std::string_view text);

/// Local candidates ("candidate:…"), preceded by those that a 1:1 NAT adds: the same port at the public address, one
/// per transport and port, with a higher priority than the others. Adds none for an empty address or one of the other
/// IP version. Pure.
std::vector<std::string> with_public_address(const std::vector<std::string>& candidates,
                                             std::string_view public_address);

/// Local candidates with the priorities of the host candidates reassigned, the highest to the first. libnice orders
/// them as the kernel orders the interfaces. Pure.
std::vector<std::string> ranked_as_listed(const std::vector<std::string>& candidates);

}  // namespace voicecast
