// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ice/ice_path.hpp"
#include "sdp/description.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

struct MediaTerms;

/// What a receiver needs of its peer, whether that has a webrtcbin (Peer) or none (DirectPeer). Main thread.
class ReceiverPeer {
 public:
  ReceiverPeer() = default;
  ReceiverPeer(const ReceiverPeer&) = delete;
  virtual ~ReceiverPeer() = default;

  /// Makes the server's offer; PeerEvents::on_local_description() gets it later, as for answer().
  virtual void offer() = 0;
  /// Answers a receiver's offer; RTP from it is dropped.
  virtual void answer(const RemoteDescription& offer) = 0;
  /// Accepts the client's answer.
  virtual void accept(const RemoteDescription& answer) = 0;
  /// Adds a candidate from check_candidate(); an empty one is the end of candidates. At any time.
  virtual void add_candidate(const std::string& candidate) = 0;
  /// Restarts ICE for the peer, perhaps from another network: `remote` has its new credentials and the candidates known
  /// so far. Gives the server's, with all candidates. DTLS and media continue; if the restart fails, so does the peer.
  /// Call it after on_local_description(). ErrorCode::busy: too many restarts.
  virtual Result<IceParameters> restart_ice(const IceParameters& remote) = 0;

  /// See IceAgent::path().
  virtual std::shared_ptr<IcePath> ice_path() const = 0;
  /// The peer's RTCP goes, decrypted, to `on_rtcp` on the receiving thread, and only DTLS is sent: another sends RTP
  /// and RTCP on the path, with the keys of media_terms(). Call it before offer() and answer().
  using OnRtcp = std::function<void(std::vector<std::uint8_t>)>;
  virtual void pass_rtcp_to(OnRtcp on_rtcp) = 0;
  /// What the sender of RTP and RTCP to the peer uses; an Error before it is connected.
  virtual Result<MediaTerms> media_terms() = 0;
};

}  // namespace voicecast
