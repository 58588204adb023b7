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

/// The source of a receiver's packets.
struct VoiceSource {
  GPtr<GstElement> tee;
  FanOut* fan_out = nullptr;  ///< of that tee, outlives the receiver; null: the receiver is a branch of the tee
  VoiceFormat format;
};

/// One WebRTC receiver: a bin with a webrtcbin of its own beside the stream's tee. Without a fan-out it is a branch of
/// the tee; with one, the webrtcbin makes the connection, and the fan-out sends on it. Opus packets pass unchanged.
/// Dropping it removes everything. Main thread.
class Receiver {
 public:
  /// Adds a receiver. Answers `offer`, the client's (WHEP), whose payload type it uses; without one it makes an offer.
  /// The description is passed to `events`. `name` is unique in the pipeline. The Receiver holds `slot`.
  static Result<std::unique_ptr<Receiver>> join(const std::string& name, VoiceSource source,
                                                const std::optional<RemoteDescription>& offer,
                                                const MediaConfig& config, PeerEvents& events, Slot slot);

  void accept(const RemoteDescription& answer) { peer_->accept(answer); }
  void add_candidate(const std::string& candidate) { peer_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) { return peer_->restart_ice(remote); }
  /// Whether NACKs are answered.
  bool resends() const { return resends_; }
  /// The egress, for observers without ownership.
  std::weak_ptr<const ReceiverEgress> egress() const { return egress_; }
  /// Starts the packets, once the peer is connected.
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
