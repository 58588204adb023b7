// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

struct LocalDescription;

/// The events of a Publication or a Subscription for its client's session (WebSocket, WHIP or WHEP), on the main loop.
/// None follows on_failed().
class MediaEvents {
 public:
  virtual ~MediaEvents() = default;
  /// The server's offer or answer, complete for the client.
  virtual void on_description(const LocalDescription& description) = 0;
  /// A local candidate gathered after the description, for the m-line `mid`; empty: the end of candidates.
  virtual void on_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) = 0;
  /// The connection failed or was lost (ErrorCode::failed), or the client closed it (ErrorCode::closed). The session
  /// drops the media within this call.
  virtual void on_failed(const Error& reason) = 0;
};

/// A client's WebRTC media: a Publication or a Subscription. Dropping it ends it. Main thread.
class ClientMedia {
 public:
  ClientMedia() = default;
  ClientMedia(const ClientMedia&) = delete;
  virtual ~ClientMedia() = default;
  virtual const std::string& stream_id() const = 0;
  /// Adds a candidate from check_candidate(); an empty one is the end of candidates.
  virtual void add_candidate(const std::string& candidate) = 0;
  /// Restarts ICE for the client; see Peer::restart_ice().
  virtual Result<IceParameters> restart_ice(const IceParameters& remote) = 0;
};

}  // namespace voicecast
