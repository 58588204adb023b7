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
#include "webrtc/peer_events.hpp"

namespace voicecast {

class FanOut;
class ReceiverPeer;

/// The source of a receiver's packets.
struct VoiceSource {
  GPtr<GstElement> tee;
  FanOut* fan_out = nullptr;  ///< of that tee, outlives the receiver; null: the receiver is a branch of the tee
  VoiceFormat format;
};

/// One WebRTC receiver. With a fan-out, its peer makes the connection and the fan-out sends on it: a DirectPeer with
/// ICE lite, otherwise a webrtcbin beside the stream's tee. Without a fan-out it is a branch of the tee that ends in a
/// webrtcbin. Opus packets pass unchanged. Dropping it removes everything. Main thread.
class Receiver {
 public:
  /// Adds a receiver. Answers `offer`, the client's (WHEP), whose payload type it uses; without one it makes an offer.
  /// The description is passed to `events`. `name` is unique in the pipeline. The Receiver holds `slot`.
  static Result<std::unique_ptr<Receiver>> join(const std::string& name, VoiceSource source,
                                                const std::optional<RemoteDescription>& offer,
                                                const MediaConfig& config, PeerEvents& events, Slot slot);

  /// See ReceiverPeer.
  void accept(const RemoteDescription& answer);
  void add_candidate(const std::string& candidate);
  Result<IceParameters> restart_ice(const IceParameters& remote);
  /// Whether NACKs are answered.
  bool resends() const { return resends_; }
  /// The egress, for observers without ownership.
  std::weak_ptr<const ReceiverEgress> egress() const { return egress_; }
  /// Starts the packets, once the peer is connected.
  Status open_egress() { return egress_->open(); }

 private:
  Receiver(Slot slot, bool resends) : slot_(std::move(slot)), resends_(resends) {}
  Status make_direct_peer(const VoiceSource& source, const MediaConfig& config, PeerEvents& events);
  Status make_webrtcbin(const std::string& name, const VoiceSource& source,
                        const std::optional<RemoteDescription>& offer, const MediaConfig& config, PeerEvents& events);

  Slot slot_, peer_slot_;
  bool resends_;
  std::shared_ptr<ReceiverPeer> peer_;
  std::optional<Branch> branch_;  ///< nothing with a DirectPeer
  std::shared_ptr<ReceiverEgress> egress_;
};

}  // namespace voicecast
