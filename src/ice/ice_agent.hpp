// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"
#include "config/ice_config.hpp"
#include "ice/ice_path.hpp"
#include "sdp/ice_parameters.hpp"

typedef struct _GstWebRTCICE GstWebRTCICE;

namespace voicecast {

class IcePort;
class IceSessionEvents;

template <>
struct Refs<GstWebRTCICE> : ObjectRefs {};

/// The ICE agent of one peer (RFC 8445): one stream with one component. Main thread.
class IceAgent {
 public:
  IceAgent() = default;
  IceAgent(const IceAgent&) = delete;
  virtual ~IceAgent() = default;

  /// Whether the agent is lite (RFC 8445 §2.5): the peer makes all connectivity checks.
  virtual bool is_lite() const = 0;
  /// The agent's own credentials, without candidates, which replace webrtcbin's in a description: webrtcbin takes them
  /// from GLib's random numbers, which can be predicted from earlier ones. Nothing if webrtcbin's apply.
  virtual std::optional<IceParameters> credentials() const = 0;
  /// The local candidates gathered so far ("candidate:…"), without link-local IPv6 addresses. Complete after gathering,
  /// when webrtcbin may still have to report the last ones.
  virtual std::vector<std::string> candidates() const = 0;
  /// The selected path to the peer, updated by the agent. Holds the agent's sockets open. Call before gathering.
  virtual std::shared_ptr<IcePath> path() = 0;
  /// Restarts ICE on the same sockets (RFC 8445 §9), which webrtcbin does not support. The old path carries media until
  /// a new one is selected. Gives the new credentials, without candidates.
  virtual Result<IceParameters> restart(const IceParameters& remote) = 0;
  /// Records an authenticated packet of the peer, which renews its consent to receive (RFC 7675). Any thread.
  virtual void confirm_consent() = 0;
};

/// The ICE agent of a webrtcbin. Main thread.
class WebrtcbinIceAgent : public IceAgent {
 public:
  /// The agent for webrtcbin's property "ice-agent". It may outlive the IceAgent.
  virtual GstWebRTCICE* element() const = 0;
};

/// Makes a lite agent on `port`, the port of all peers; without a port, or for a lite peer, which makes no checks, a
/// full one on libnice. Main thread.
std::unique_ptr<WebrtcbinIceAgent> make_ice_agent(const IceConfig& config, const std::shared_ptr<IcePort>& port,
                                                  bool is_peer_lite);

/// Makes a lite agent on `port` that passes the peer's packets to `events`, which outlives the agent, instead of a
/// webrtcbin. No event is delivered or in progress once the agent is destroyed. Main thread.
std::unique_ptr<IceAgent> make_direct_ice_agent(const std::shared_ptr<IcePort>& port, IceSessionEvents& events);

}  // namespace voicecast
