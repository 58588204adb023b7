#pragma once

#include <string>
#include <string_view>

#include "base/main_loop.hpp"
#include "config/ice_config.hpp"
#include "http/guard.hpp"
#include "http/soup.hpp"
#include "sdp/description.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

class MediaSession;

/// What WHIP and WHEP are told by the operator.
struct MediaDoorConfig {
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
/// the secret in its URL, and its ICE session. Those who derive from it have the media. Main thread.
class MediaSession {
 public:
  /// Answers `request` later, when the media is described. It ends when the visitor's token does.
  MediaSession(SoupServerMessage* request, const Visitor& visitor, RemoteDescription offer,
               const MediaDoorConfig& config, MediaSessionOwner& owner);
  MediaSession(const MediaSession&) = delete;
  virtual ~MediaSession();

  const std::string& secret() const { return secret_; }
  /// Whether the client was told its URL.
  bool is_created() const { return is_created_; }
  const RemoteDescription& offer() const { return offer_; }
  virtual const std::string& stream_id() const = 0;

  /// Trickled candidates, or an ICE restart (RFC 9725 §4.3): answers it.
  void patch(SoupServerMessage* request);
  /// Ends the media, and the request that waits with an error.
  void end(const Error& reason);

 protected:
  /// Answers the request that waits: 201, with the session's URL below `path`.
  void created(std::string_view path, const std::string& sdp);
  virtual void add_candidate(const std::string& candidate) = 0;
  virtual Result<IceParameters> restart_ice(const IceParameters& remote) = 0;
  /// Lets go of the media; may be called when there is none any more.
  virtual void leave() = 0;
  const std::string& client() const { return client_; }  ///< for the log

 private:
  void watch_expiry(std::chrono::system_clock::time_point time);
  bool meets_condition(SoupServerMessage* request, bool is_restart) const;
  void trickle(SoupServerMessage* request, const std::vector<std::string>& candidates, bool is_last);
  void restart(SoupServerMessage* request, const IceParameters& remote);

  GPtr<SoupServerMessage> waiting_;
  std::string client_, prefix_, secret_, tag_;
  RemoteDescription offer_;
  std::string ufrag_, earlier_ufrag_;  ///< of the client's ICE session, and of the one before
  const MediaDoorConfig& config_;
  MediaSessionOwner& owner_;
  Timer expiry_;
  bool is_created_ = false, is_over_ = false;
};

}  // namespace voicecast
