// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "ice/ice_agent.hpp"
#include "ice/ice_port.hpp"

namespace voicecast {

/// An agent whose packets go by `port`: ICE lite (RFC 8445 §2.5). Main thread.
std::unique_ptr<IceAgent> make_ice_lite(std::shared_ptr<IcePort> port);

}  // namespace voicecast
