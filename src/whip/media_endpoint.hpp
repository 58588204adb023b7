// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "whip/ended_sessions.hpp"
#include "whip/media_session.hpp"

namespace voicecast {

/// The common part of WHIP and WHEP: methods, media types, and the session URLs. Main thread.
class MediaEndpoint {
 public:
  virtual ~MediaEndpoint() = default;

  /// Adds the CORS fields that let a page of another origin read the response; the Guard has checked the origin.
  static void expose_headers(SoupServerMessage* request);
  /// Responds to OPTIONS, including CORS preflights.
  static void answer_options(SoupServerMessage* request, std::string_view path);
  /// Responds to a permitted request; `path` is the part after the endpoint's own path.
  void serve(SoupServerMessage* request, const Requester& requester, std::string_view path);
  /// Whether the part after the endpoint's path is that of a session.
  static bool is_session_path(std::string_view path);
  void close_all(const char* reason);

 protected:
  /// `path` is the endpoint's own.
  MediaEndpoint(std::string_view path, const MediaEndpointConfig& config);

  /// Handles an offer to "/NAME" below the endpoint, or to the endpoint itself (no name): begins a session, or responds
  /// with an error.
  virtual void take_offer(SoupServerMessage* request, const Requester& requester, const std::string& name,
                          std::string_view sdp) = 0;
  /// Handles GET and HEAD of the same URLs.
  virtual void look(SoupServerMessage* request, const std::string& name) = 0;

  /// Makes a session of the stream, which responds to the request; the caller sets its media, or ends it.
  MediaSession& begin(SoupServerMessage* request, const Requester& requester, RemoteDescription offer,
                      const std::string& stream_id);
  /// Ends the sessions of a stream.
  void end_all_of(const std::string& stream_id, const Error& reason);
  /// Whether an offer is valid and within the limits; if not, responds with an error.
  static bool is_good_offer(SoupServerMessage* request, const Result<RemoteDescription>& offer);

 private:
  void on_over(MediaSession& session);
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
