#pragma once

#include <string>
#include <vector>

#include "glib/ptr.hpp"

typedef struct _GstWebRTCICE GstWebRTCICE;

namespace voicecast {

template <>
struct Refs<GstWebRTCICE> : ObjectRefs {};

/// How peers find a path to each other (--ice-address, --stun-server, --turn-server).
struct IceConfig {
  std::vector<std::string> addresses;     ///< the local addresses to offer; empty: all but loopback
  std::string stun_server;                ///< stun://HOST:PORT, or empty
  std::vector<std::string> turn_servers;  ///< turn://USER:PASSWORD@HOST:PORT
};

/// An agent for one webrtcbin, on libnice, with UPnP and ICE-TCP off: UPnP costs 200 ms per offer and multicasts on
/// the user's network. Main thread.
GPtr<GstWebRTCICE> make_ice_agent(const IceConfig& config);

}  // namespace voicecast
