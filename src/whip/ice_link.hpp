// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/ice_config.hpp"

namespace voicecast {

/// The Link field (RFC 8288) of an ICE server for WHIP and WHEP clients (RFC 9725 §4.6). Pure.
std::string ice_link(const IceServer& server);

}  // namespace voicecast
