// SPDX-License-Identifier: MIT
#include "whip/media_endpoint.hpp"

#include "base/main_loop.hpp"
#include "base/thread_rule.hpp"
#include "http/answer.hpp"

namespace voicecast {
namespace {

constexpr std::string_view session_folder = "/sessions/";
constexpr const char* offer_type = "application/sdp";
constexpr const char* endpoint_methods = "GET, HEAD, POST, OPTIONS";
constexpr const char* session_methods = "GET, HEAD, PATCH, DELETE, OPTIONS";

void refuse_method(SoupServerMessage* request, const char* methods) {
  set_header(request, "Allow", methods);
  refuse(request, SOUP_STATUS_METHOD_NOT_ALLOWED, std::string("Method not allowed: use ") + methods);
}

void refuse_unknown_session(SoupServerMessage* request) {
  refuse(request, SOUP_STATUS_NOT_FOUND, "Not found: there is no such session");
}

/// A session may have one audio and one video track (RFC 9725 §4.5); the video is declined.
bool has_too_many_tracks(const RemoteDescription& offer) {
  std::size_t audio = 1, video = 0;
  for (const auto* medias : {&offer.before, &offer.behind})
    for (const auto& declined : *medias) {
      if (declined.media == "audio") ++audio;
      if (declined.media == "video") ++video;
    }
  return audio > 1 || video > 1;
}

std::string name_in(std::string_view path) { return std::string(path.substr(path.empty() ? 0 : 1)); }

}  // namespace

MediaEndpoint::MediaEndpoint(std::string_view path, const MediaEndpointConfig& config) : path_(path), config_(config) {}

bool MediaEndpoint::is_session_path(std::string_view path) { return path.starts_with(session_folder); }

void MediaEndpoint::expose_headers(SoupServerMessage* request) {
  set_header(request, "Access-Control-Expose-Headers",
             "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After, WWW-Authenticate");
}

void MediaEndpoint::answer_options(SoupServerMessage* request, std::string_view path) {
  const char* methods = is_session_path(path) ? session_methods : endpoint_methods;
  if (!is_session_path(path)) set_header(request, "Accept-Post", offer_type);
  voicecast::answer_options(request, methods, "Authorization, Content-Type, If-Match");
}

void MediaEndpoint::serve(SoupServerMessage* request, const Requester& requester, std::string_view path) {
  assert_main_thread();
  if (is_session_path(path)) return serve_session(request, std::string(path.substr(session_folder.size())));
  const std::string_view method = soup_server_message_get_method(request);
  if (method == "POST") return post(request, requester, name_in(path));
  if (method == "GET" || method == "HEAD") return look(request, name_in(path));
  refuse_method(request, endpoint_methods);
}

void MediaEndpoint::post(SoupServerMessage* request, const Requester& requester, const std::string& name) {
  if (has_media_type(request, offer_type)) return take_offer(request, requester, name, body_of(request));
  set_header(request, "Accept-Post", offer_type);
  refuse(request, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, std::string("Unsupported media type: send ") + offer_type);
}

void MediaEndpoint::serve_session(SoupServerMessage* request, const std::string& secret) {
  const std::string_view method = soup_server_message_get_method(request);
  if (method == "DELETE") return end_by_request(request, secret);
  const auto at = sessions_.find(secret);
  if (at == sessions_.end()) return refuse_unknown_session(request);
  if (method == "PATCH") return at->second->patch(request);
  if (method == "GET" || method == "HEAD") return answer_empty(request, SOUP_STATUS_NO_CONTENT);
  refuse_method(request, session_methods);
}

/// Many clients close their connection, which ends the session by DTLS, and delete it afterwards: success, for it has
/// ended.
void MediaEndpoint::end_by_request(SoupServerMessage* request, const std::string& secret) {
  if (const auto at = sessions_.find(secret); at != sessions_.end())
    at->second->end({ErrorCode::closed, "the client ended it"});
  if (!ended_.take(secret, std::chrono::steady_clock::now())) return refuse_unknown_session(request);
  answer_empty(request, SOUP_STATUS_OK);
}

MediaSession& MediaEndpoint::begin(SoupServerMessage* request, const Requester& requester, RemoteDescription offer,
                                   const std::string& stream_id) {
  auto session = std::make_unique<MediaSession>(request, requester, std::move(offer), stream_id,
                                                path_ + std::string(session_folder), config_,
                                                [this](MediaSession& over) { on_over(over); });
  auto& begun = *session;
  sessions_.emplace(begun.secret(), std::move(session));
  return begun;
}

bool MediaEndpoint::is_good_offer(SoupServerMessage* request, const Result<RemoteDescription>& offer) {
  if (offer && !has_too_many_tracks(*offer)) return true;
  const Error error =
      offer ? Error{ErrorCode::unsupported, "the SDP has more than one audio or one video track"} : offer.error();
  error.code == ErrorCode::unsupported
      ? refuse(request, SOUP_STATUS_UNPROCESSABLE_ENTITY, "Unprocessable offer: " + error.message)
      : refuse(request, SOUP_STATUS_BAD_REQUEST, "Bad request: " + error.message);
  return false;
}

/// Ends them one by one: each removes itself from the table.
template <class Condition>
void MediaEndpoint::end_if(Condition condition, const Error& reason) {
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    auto& session = *(at++)->second;
    if (condition(session)) session.end(reason);
  }
}

void MediaEndpoint::end_all_of(const std::string& stream_id, const Error& reason) {
  end_if([&](const MediaSession& session) { return session.stream_id() == stream_id; }, reason);
}

void MediaEndpoint::close_all(const char* reason) {
  end_if([](const MediaSession&) { return true; }, {ErrorCode::closed, reason});
}

/// Removes the URL at once; the session is freed later, for it is inside a call.
void MediaEndpoint::on_over(MediaSession& session) {
  if (session.is_created()) ended_.add(session.secret(), std::chrono::steady_clock::now());
  auto taken = sessions_.extract(session.secret());
  if (taken) voicecast::post([gone = std::move(taken.mapped())] {});
}

}  // namespace voicecast
