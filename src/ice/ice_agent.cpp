// SPDX-License-Identifier: MIT
#include "ice/ice_agent.hpp"

#include "ice/ice_full.hpp"
#include "ice/ice_lite.hpp"

namespace voicecast {

std::unique_ptr<IceAgent> make_ice_agent(const IceConfig& config, const std::shared_ptr<IcePort>& port,
                                         bool is_peer_lite) {
  return port && !is_peer_lite ? make_ice_lite(port) : make_ice_full(config);
}

}  // namespace voicecast
