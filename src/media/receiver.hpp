#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/branch.hpp"
#include "media/media_config.hpp"
#include "media/peer.hpp"

namespace voicecast {

/// A stream's packets as its receivers are told of them.
struct VoiceFormat {
  unsigned payload_type = 111;
  std::optional<std::uint32_t> ssrc;
  bool is_stereo = false;
};

/// One WebRTC listener: a branch of the stream's tee that ends in a webrtcbin of his own. The Opus packets go through
/// untouched. Dropping it takes the branch away. Main thread.
class Receiver {
 public:
  /// Joins `tee` and makes an offer, which comes by `events`. `name` is unique in the pipeline. `place` is held for the
  /// Receiver's life.
  static Result<std::unique_ptr<Receiver>> join(const std::string& name, GPtr<GstElement> tee,
                                                const VoiceFormat& format, const MediaConfig& config,
                                                PeerEvents& events, std::shared_ptr<void> place);
  /// Joins as a listener who made the offer himself (WHEP), and answers it. His payload type is the one he gets.
  static Result<std::unique_ptr<Receiver>> answer(const std::string& name, GPtr<GstElement> tee,
                                                  const VoiceFormat& format, const RemoteDescription& offer,
                                                  const MediaConfig& config, PeerEvents& events,
                                                  std::shared_ptr<void> place);

  void accept(const RemoteDescription& answer);
  /// The listener offers the connection that he has anew, from another network perhaps: gives the answer. `offer` is
  /// what complete_offer() gave him. ErrorCode::not_found: it is another connection, or none yet.
  Result<std::string> resume(const RemoteDescription& again, std::string_view offer);
  void add_candidate(const std::string& candidate) { peer_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) { return peer_->restart_ice(remote); }
  /// For whoever looks at it without holding it.
  std::weak_ptr<const Peer> peer() const { return peer_; }
  /// Lets the voice through, once the peer is connected.
  void open_gate();

 private:
  Receiver(std::shared_ptr<Peer> peer, Branch branch, std::shared_ptr<void> place);
  static Result<std::unique_ptr<Receiver>> attach(const std::string& name, GPtr<GstElement> tee,
                                                  const VoiceFormat& format, bool is_mapped, const MediaConfig& config,
                                                  PeerEvents& events, std::shared_ptr<void> place);

  std::shared_ptr<Peer> peer_;
  Branch branch_;
  std::shared_ptr<void> place_;
  std::optional<RemoteDescription> answer_;
};

}  // namespace voicecast
