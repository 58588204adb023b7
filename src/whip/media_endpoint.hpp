// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "whip/ended_sessions.hpp"
#include "whip/media_session.hpp"

namespace voicecast {

/// What WHIP and WHEP have in common: the methods, the media types, and the URLs of the sessions. Main thread.
class MediaEndpoint : private MediaSessionOwner {
 public:
  virtual ~MediaEndpoint() = default;

  /// Lets a page of another origin read what is in the response; whether it may ask at all, the Guard has said.
  static void expose_headers(SoupServerMessage* request);
  /// A CORS preflight, or what is possible here.
  static void answer_options(SoupServerMessage* request, std::string_view path);
  /// Answers a request of somebody who may make it; `path` is what stands behind the door's own.
  void serve(SoupServerMessage* request, const Requester& requester, std::string_view path);
  /// Whether what stands behind the door's path is a session's.
  static bool is_session_path(std::string_view path);
  void close_all(const char* reason);

 protected:
  /// `path` is the door's own.
  MediaEndpoint(std::string_view path, const MediaEndpointConfig& config);

  /// An offer that came to "/NAME" below the door, or to the door itself (no name). Begins a session, or answers.
  virtual void take_offer(SoupServerMessage* request, const Requester& requester, const std::string& name,
                          std::string_view sdp) = 0;
  /// GET and HEAD of the same.
  virtual void look(SoupServerMessage* request, const std::string& name) = 0;

  /// A session of the stream, which answers the request; the caller gives it its media, or ends it.
  MediaSession& begin(SoupServerMessage* request, const Requester& requester, RemoteDescription offer,
                      const std::string& stream_id);
  /// Ends the sessions of a stream.
  void end_all_of(const std::string& stream_id, const Error& reason);
  /// Whether an offer could be read and asks for no more than there may be; if not, the request is answered.
  static bool is_good_offer(SoupServerMessage* request, const Result<RemoteDescription>& offer);

 private:
  void on_media_session_over(MediaSession& session) override;
  void post(SoupServerMessage* request, const Requester& requester, const std::string& name);
  void serve_session(SoupServerMessage* request, const std::string& secret);
  void end_by_request(SoupServerMessage* request, const std::string& secret);
  template <class Condition>
  void end_if(Condition condition, const Error& reason);

  std::string path_;
  MediaEndpointConfig config_;
  std::map<std::string, std::unique_ptr<MediaSession>> sessions_;  ///< by secret
  EndedSessions ended_;
};

}  // namespace voicecast
