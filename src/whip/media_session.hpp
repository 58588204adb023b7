// SPDX-License-Identifier: MIT
#pragma once

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

class MediaSession;

/// What WHIP and WHEP are told by the operator.
struct MediaEndpointConfig {
  bool is_strict = false;              ///< a PATCH without If-Match is refused
  std::vector<IceServer> ice_servers;  ///< that clients are told of
};

/// Who keeps the sessions.
class MediaSessionOwner {
 public:
  virtual ~MediaSessionOwner() = default;
  /// It has let go of its media, and its URL leads nowhere now. The owner drops it, but not before this call is over.
  virtual void on_media_session_over(MediaSession& session) = 0;
};

/// A session that a client began by posting an offer (WHIP's RFC 9725, WHEP): the request that waits for the answer,
/// the secret in its URL, its ICE session, and its media. Main thread.
class MediaSession : public MediaEvents {
 public:
  /// Answers `request` later, when the media is described, with a URL below `path`. It ends when the requester's token
  /// does.
  MediaSession(SoupServerMessage* request, const Requester& requester, RemoteDescription offer, std::string stream_id,
               std::string path, const MediaEndpointConfig& config, MediaSessionOwner& owner);
  MediaSession(const MediaSession&) = delete;
  ~MediaSession() override;

  const std::string& secret() const { return secret_; }
  /// Whether the client was told its URL.
  bool is_created() const { return is_created_; }
  const RemoteDescription& offer() const { return offer_; }
  const std::string& stream_id() const { return stream_id_; }
  const std::string& client() const { return client_; }  ///< for the log

  /// Takes what it is about, at the beginning.
  void hold(std::unique_ptr<ClientMedia> media) { media_ = std::move(media); }
  /// Trickled candidates, or an ICE restart (RFC 9725 §4.3): answers it.
  void patch(SoupServerMessage* request);
  /// Ends the media, and the request that waits with an error.
  void end(const Error& reason);

 private:
  void watch_expiry(std::chrono::system_clock::time_point time);
  bool meets_condition(SoupServerMessage* request, bool is_restart) const;
  void trickle(SoupServerMessage* request, const std::vector<std::string>& candidates, bool is_last);
  void restart(SoupServerMessage* request, const IceParameters& remote);

  void on_description(const LocalDescription& description) override;
  /// There is no way to tell of it: what a slow STUN or TURN server says comes too late.
  void on_candidate(const std::string&, const std::string&, std::size_t) override {}
  void on_failed(const Error& reason) override { end(reason); }

  GPtr<SoupServerMessage> waiting_;
  std::string client_, stream_id_, url_start_, secret_, tag_;
  RemoteDescription offer_;
  std::string ufrag_, earlier_ufrag_;  ///< of the client's ICE session, and of the one before
  const MediaEndpointConfig& config_;
  MediaSessionOwner& owner_;
  std::unique_ptr<ClientMedia> media_;  ///< null before hold() and when it is over
  Timer expiry_;
  bool is_created_ = false, is_over_ = false;
};

}  // namespace voicecast
