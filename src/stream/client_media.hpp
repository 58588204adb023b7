// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

struct LocalDescription;

/// What a Publication or a Subscription tells its client's session (of a WebSocket, or of WHIP and WHEP), on the main
/// loop. After on_failed() nothing more comes.
class MediaEvents {
 public:
  virtual ~MediaEvents() = default;
  /// Our offer or answer, complete for the client.
  virtual void on_description(const LocalDescription& description) = 0;
  /// A candidate of ours that came after the description, for the m-line `mid`; empty: there are no more.
  virtual void on_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) = 0;
  /// The connection did not come about or is lost (ErrorCode::failed), or the client closed it (ErrorCode::closed). The
  /// session drops the media within this call.
  virtual void on_failed(const Error& reason) = 0;
};

/// What a client sends or listens to by WebRTC: a Publication or a Subscription. Dropping it ends it. Main thread.
class ClientMedia {
 public:
  ClientMedia() = default;
  ClientMedia(const ClientMedia&) = delete;
  virtual ~ClientMedia() = default;
  virtual const std::string& stream_id() const = 0;
  /// Takes what check_candidate() gave; an empty one is the end of candidates.
  virtual void add_candidate(const std::string& candidate) = 0;
  /// The client begins ICE anew; see Peer::restart_ice().
  virtual Result<IceParameters> restart_ice(const IceParameters& remote) = 0;
};

}  // namespace voicecast
