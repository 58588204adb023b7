// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "ice/ice_agent.hpp"
#include "ice/ice_port.hpp"

namespace voicecast {

/// Makes a lite agent (RFC 8445 §2.5) without webrtcbin; see make_direct_ice_agent(). Main thread.
std::unique_ptr<IceAgent> make_ice_lite_direct(std::shared_ptr<IcePort> port, IceSessionEvents& events);

}  // namespace voicecast
