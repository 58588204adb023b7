// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gst/branch.hpp"
#include "gst/slots.hpp"
#include "rtp/voice_format.hpp"
#include "stream/egress.hpp"
#include "stream/media_config.hpp"
#include "webrtc/peer.hpp"

namespace voicecast {

class FanOut;

/// Where a receiver gets his packets.
struct VoiceSource {
  GPtr<GstElement> tee;
  FanOut* fan_out = nullptr;  ///< of that tee, outlives the receiver; null: he gets a branch of the tee
  VoiceFormat format;
};

/// One WebRTC listener: a bin beside the stream's tee that ends in a webrtcbin of his own. Without a fan-out it is a
/// branch of the tee; with one, the webrtcbin makes the connection, and the fan-out sends on it. The Opus packets go
/// through untouched. Dropping it takes all away. Main thread.
class Receiver {
 public:
  /// Joins. Answers `offer`, the listener's (WHEP), whose payload type is then the one that it gets; without one it
  /// makes an offer. The description comes by `events`. `name` is unique in the pipeline. `slot` is held for the
  /// Receiver's life.
  static Result<std::unique_ptr<Receiver>> join(const std::string& name, VoiceSource source,
                                                const std::optional<RemoteDescription>& offer,
                                                const MediaConfig& config, PeerEvents& events, Slot slot);

  void accept(const RemoteDescription& answer) { peer_->accept(answer); }
  void add_candidate(const std::string& candidate) { peer_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) { return peer_->restart_ice(remote); }
  /// Whether lost packets are sent again to who asks for them.
  bool resends() const { return resends_; }
  /// For whoever looks at it without holding it.
  std::weak_ptr<const ReceiverEgress> egress() const { return egress_; }
  /// Lets the voice through, once the peer is connected.
  Status open_egress() { return egress_->open(); }

 private:
  Receiver(std::shared_ptr<Peer> peer, Branch branch, std::shared_ptr<ReceiverEgress> egress, Slot slot, bool resends);

  std::shared_ptr<Peer> peer_;
  Branch branch_;
  std::shared_ptr<ReceiverEgress> egress_;
  Slot slot_;
  bool resends_;
};

}  // namespace voicecast
