// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// Checks a remote candidate ("candidate:…" of RFC 8839 §5.1, with or without "a=") and writes it anew from its checked
/// parts, so that nothing of the client's text reaches the ICE agent. Pure.
/// An empty result is a candidate that is well-formed but of no use here and is dropped in silence, as trickle ICE
/// asks: an mDNS name (resolving it would send queries for a stranger), TCP, RTCP's own component, an unknown type.
Result<std::string> check_candidate(std::string_view text);

/// Candidates of our own ("candidate:…") with those that a 1:1 NAT makes of them in front: the same port at the public
/// address, once for each transport and port, and with a higher priority than the others. Of the other IP version, or
/// of an empty address, there are none. Pure.
std::vector<std::string> with_public_address(const std::vector<std::string>& candidates,
                                             std::string_view public_address);

/// Candidates of our own with the priorities of the hosts among them dealt out anew: the first one has the highest.
/// libnice gives them by the kernel's order of the interfaces. Pure.
std::vector<std::string> ranked_as_listed(const std::vector<std::string>& candidates);

}  // namespace voicecast
