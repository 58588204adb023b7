// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "ice/ice_agent.hpp"

namespace voicecast {

/// Makes an agent of libnice with sockets of its own, with STUN and TURN. UPnP and ICE-TCP are off: UPnP costs 200 ms
/// per offer and sends multicast on the user's network. Main thread.
std::unique_ptr<WebrtcbinIceAgent> make_ice_full(const IceConfig& config);

}  // namespace voicecast
