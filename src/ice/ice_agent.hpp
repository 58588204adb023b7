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

template <>
struct Refs<GstWebRTCICE> : ObjectRefs {};

/// The ICE agent of one peer (RFC 8445): one stream with one component. Main thread.
class IceAgent {
 public:
  IceAgent() = default;
  IceAgent(const IceAgent&) = delete;
  virtual ~IceAgent() = default;

  /// What webrtcbin takes as its "ice-agent". It may outlive the IceAgent.
  virtual GstWebRTCICE* element() const = 0;
  /// Whether it makes no checks (RFC 8445 §2.5), so that the peer has to.
  virtual bool is_lite() const = 0;
  /// Credentials of its own, without candidates, which a description has in place of webrtcbin's: webrtcbin takes them
  /// from GLib's random numbers, which can be foretold from earlier ones. None where webrtcbin's count.
  virtual std::optional<IceParameters> credentials() const = 0;
  /// The candidates found so far ("candidate:…"), without link-local addresses of IPv6. They are complete once
  /// gathering is done; webrtcbin may tell of the last ones after that.
  virtual std::vector<std::string> candidates() const = 0;
  /// The way to the peer, kept as the agent chooses it, and good as long as it is held, for it holds the agent's
  /// sockets. Before there are candidates.
  virtual std::shared_ptr<IcePath> path() = 0;
  /// Begins the ICE session anew on the same sockets (RFC 8445 §9), which webrtcbin cannot ask its agent for. The old
  /// path carries the media until there is a new one. Gives new credentials, without candidates.
  virtual Result<IceParameters> restart(const IceParameters& remote) = 0;
  /// A packet came that only the peer can have made: it still consents to what we send (RFC 7675).
  virtual void confirm_consent() = 0;
};

/// A lite agent on `port`, the port of all peers; without a port, or for a peer that is lite itself and makes no
/// checks, a full one on libnice. Main thread.
std::unique_ptr<IceAgent> make_ice_agent(const IceConfig& config, const std::shared_ptr<IcePort>& port,
                                         bool is_peer_lite);

}  // namespace voicecast
