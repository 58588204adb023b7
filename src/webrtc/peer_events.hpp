// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.hpp"
#include "sdp/local_description.hpp"

namespace voicecast {

/// The events of a Peer or DirectPeer, on the main loop. None follows on_failed().
class PeerEvents {
 public:
  virtual ~PeerEvents() = default;
  /// The server's offer or answer, with the candidates gathered so far: all of them, unless a STUN or TURN server was
  /// slow. The owner completes it with its knowledge of the client.
  virtual void on_local_description(LocalDescription description) = 0;
  /// A candidate gathered after the description was sent; an empty one is the end of candidates.
  virtual void on_local_candidate(const std::string& candidate) = 0;
  virtual void on_connected() = 0;
  /// The connection failed or was lost (ErrorCode::failed), or the client closed it (ErrorCode::closed). The owner
  /// drops the peer.
  virtual void on_failed(const Error& reason) = 0;
};

}  // namespace voicecast
