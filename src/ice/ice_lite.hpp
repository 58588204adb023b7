#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ice/ice_agent.hpp"
#include "ice/ice_port.hpp"

namespace voicecast {

/// An agent for one webrtcbin whose packets go by `port`: ICE lite (RFC 8445 §2.5). It has one stream with one
/// component, as a webrtcbin with one m-line asks for. Main thread.
GPtr<GstWebRTCICE> make_ice_lite(std::shared_ptr<IcePort> port);

/// For such an agent, what ice_agent.hpp has for any. Main thread.
std::vector<std::string> ice_lite_candidates(GstWebRTCICE* agent);
/// The last that it took, without candidates.
IceParameters ice_lite_credentials(GstWebRTCICE* agent);
Result<IceParameters> restart_ice_lite(GstWebRTCICE* agent);
void confirm_ice_lite(GstWebRTCICE* agent);
std::shared_ptr<IcePath> ice_lite_path(GstWebRTCICE* agent);

}  // namespace voicecast
