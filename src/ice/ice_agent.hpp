#pragma once

#include <memory>

#include "base/ptr.hpp"
#include "base/result.hpp"
#include "config/ice_config.hpp"
#include "ice/ice_path.hpp"
#include "sdp/ice_parameters.hpp"

typedef struct _GstWebRTCICE GstWebRTCICE;

namespace voicecast {

class IcePort;

template <>
struct Refs<GstWebRTCICE> : ObjectRefs {};

/// An agent for one webrtcbin: a lite one on `port`, the port of all peers, or, without a port, a full one on libnice
/// with UPnP and ICE-TCP off (UPnP costs 200 ms per offer and multicasts on the user's network). A peer that is lite
/// itself makes no checks, so it gets a full agent. Main thread.
GPtr<GstWebRTCICE> make_ice_agent(const IceConfig& config, const std::shared_ptr<IcePort>& port, bool is_peer_lite);

/// Whether it is lite (RFC 8445 §2.5): the peer has to make the checks. Any thread.
bool is_ice_lite(GstWebRTCICE* agent);

/// A description of webrtcbin's with what only the agent knows: that it is lite, and credentials of its own, for
/// webrtcbin 1.22 takes them from GLib's random numbers, which can be foretold from earlier ones. A full agent has
/// webrtcbin's. Main thread.
std::string with_ice_of(GstWebRTCICE* agent, const std::string& sdp);

/// The candidates that the agent has found so far ("candidate:…"), without link-local addresses of IPv6. Once gathering
/// is done they are all; webrtcbin may tell of the last ones only after it told of the end. Main thread.
std::vector<std::string> local_candidates(GstWebRTCICE* agent);

/// The way to the agent's peer, kept as the agent chooses it. It is good as long as what is given here is held, for
/// that keeps the agent, and so its sockets; the agent is freed in the background. Main thread, before there are
/// candidates.
std::shared_ptr<IcePath> ice_path(GPtr<GstWebRTCICE> agent);

/// Begins the ICE session anew on the same sockets (RFC 8445 §9), which webrtcbin 1.22 cannot ask its agent for. The
/// old path carries the media until there is a new one. Gives our new ufrag and pwd without candidates: they are
/// local_candidates(), as before. Main thread.
Result<IceParameters> restart_ice(GstWebRTCICE* agent, const IceParameters& remote);

/// Something came that only the peer can have made: it still consents to what we send (RFC 7675). A full agent asks for
/// that itself. Main thread.
void confirm_consent(GstWebRTCICE* agent);

}  // namespace voicecast
