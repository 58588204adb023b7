// SPDX-License-Identifier: MIT
#include "ice/ice_agent.hpp"

#include "ice/ice_full.hpp"
#include "ice/ice_lite.hpp"
#include "ice/ice_lite_direct.hpp"

namespace voicecast {

std::unique_ptr<WebrtcbinIceAgent> make_ice_agent(const IceConfig& config, const std::shared_ptr<IcePort>& port,
                                                  bool is_peer_lite) {
  return port && !is_peer_lite ? make_ice_lite(port) : make_ice_full(config);
}

std::unique_ptr<IceAgent> make_direct_ice_agent(const std::shared_ptr<IcePort>& port, IceSessionEvents& events) {
  return make_ice_lite_direct(port, events);
}

}  // namespace voicecast
