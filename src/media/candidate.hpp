#pragma once

#include <string>
#include <string_view>

#include "glib/result.hpp"

namespace voicecast {

/// Checks a remote candidate ("candidate:…" of RFC 8839 §5.1, with or without "a=") and writes it anew from its checked
/// parts, so that nothing of the client's text reaches the ICE agent. Pure.
/// An empty result is a candidate that is well-formed but of no use here and is dropped in silence, as trickle ICE
/// asks: an mDNS name (resolving it would send queries for a stranger), TCP, RTCP's own component, an unknown type.
Result<std::string> check_candidate(std::string_view text);

/// The candidate that a 1:1 NAT makes of a local one ("candidate:…"): the same port at the public address. Nothing for
/// one that is not a host's, or of the other IP version. Pure.
std::string mapped_candidate(std::string_view candidate, std::string_view public_address);

}  // namespace voicecast
