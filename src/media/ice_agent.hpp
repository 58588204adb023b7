#pragma once

#include <memory>

#include "glib/ptr.hpp"
#include "glib/result.hpp"
#include "ice_config.hpp"
#include "media/ice_path.hpp"

typedef struct _GstWebRTCICE GstWebRTCICE;

namespace voicecast {

struct MediaConfig;

template <>
struct Refs<GstWebRTCICE> : ObjectRefs {};

/// One side's part of an ICE session (RFC 8839 §5).
struct IceParameters {
  std::string ufrag, pwd;
  std::vector<std::string> candidates;  ///< "candidate:…", checked as check_candidate() does; may be empty
};

/// An agent for one webrtcbin: a lite one on the port of all peers, or a full one on libnice with UPnP and ICE-TCP off
/// (UPnP costs 200 ms per offer and multicasts on the user's network). A peer who is lite himself makes no checks, so
/// his is full. Main thread.
GPtr<GstWebRTCICE> make_ice_agent(const MediaConfig& config, bool is_peer_lite = false);

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
