// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/main_loop.hpp"
#include "config/ice_config.hpp"
#include "http/guard.hpp"
#include "http/soup.hpp"
#include "sdp/description.hpp"
#include "sdp/ice_parameters.hpp"
#include "stream/client_media.hpp"

namespace voicecast {

/// The operator's settings of WHIP and WHEP.
struct MediaEndpointConfig {
  bool is_strict = false;              ///< a PATCH without If-Match is refused
  std::vector<IceServer> ice_servers;  ///< sent to clients
};

/// A session that a client began by posting an offer (WHIP's RFC 9725, WHEP): the request that waits for the answer,
/// the secret in its URL, its ICE session, and its media. Main thread.
class MediaSession : public MediaEvents {
 public:
  using OnOver = std::function<void(MediaSession&)>;

  /// Responds to `request` later, when the answer is complete, with a URL below `path`. Ends when the requester's token
  /// expires. Calls `on_over` once, when the session has released its media, and its URL is no longer valid: the owner
  /// drops it, but not within this call.
  MediaSession(SoupServerMessage* request, const Requester& requester, RemoteDescription offer, std::string stream_id,
               std::string path, const MediaEndpointConfig& config, OnOver on_over);
  MediaSession(const MediaSession&) = delete;
  ~MediaSession() override;

  const std::string& secret() const { return secret_; }
  /// Whether the client has received its URL.
  bool is_created() const { return is_created_; }
  const RemoteDescription& offer() const { return offer_; }
  const std::string& stream_id() const { return stream_id_; }
  const std::string& client() const { return client_; }  ///< for the log

  /// Sets its media, at the beginning.
  void hold(std::unique_ptr<ClientMedia> media) { media_ = std::move(media); }
  /// Handles trickled candidates or an ICE restart (RFC 9725 §4.3), and responds.
  void patch(SoupServerMessage* request);
  /// Ends the media, and a waiting request with an error.
  void end(const Error& reason);

 private:
  void watch_expiry(std::chrono::system_clock::time_point time);
  bool meets_condition(SoupServerMessage* request, bool is_restart) const;
  void trickle(SoupServerMessage* request, const std::vector<std::string>& candidates, bool is_last);
  void restart(SoupServerMessage* request, const IceParameters& remote);

  void on_description(const LocalDescription& description) override;
  /// The protocol has no message for it: later candidates of a slow STUN or TURN server are lost.
  void on_candidate(const std::string&, const std::string&, std::size_t) override {}
  void on_failed(const Error& reason) override { end(reason); }

  GPtr<SoupServerMessage> waiting_;
  std::string client_, stream_id_, url_start_, secret_, tag_;
  RemoteDescription offer_;
  std::string ufrag_, earlier_ufrag_;  ///< of the client's current and previous ICE session
  const MediaEndpointConfig& config_;
  OnOver on_over_;
  std::unique_ptr<ClientMedia> media_;  ///< null before hold() and after the end
  Timer expiry_;
  bool is_created_ = false, is_over_ = false;
};

}  // namespace voicecast
