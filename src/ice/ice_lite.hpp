// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "ice/ice_agent.hpp"
#include "ice/ice_port.hpp"

namespace voicecast {

/// Makes a lite agent (RFC 8445 §2.5) for a webrtcbin, which sends and receives on `port`. Main thread.
std::unique_ptr<WebrtcbinIceAgent> make_ice_lite(std::shared_ptr<IcePort> port);

}  // namespace voicecast
