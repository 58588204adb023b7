// SPDX-License-Identifier: MIT
#include "whip/media_session.hpp"

#include "access/secret_id.hpp"
#include "base/log.hpp"
#include "base/thread_rule.hpp"
#include "http/answer.hpp"
#include "http/public_url.hpp"
#include "sdp/description_text.hpp"
#include "sdp/local_description.hpp"
#include "sdp/sdpfrag.hpp"
#include "stream/admission.hpp"
#include "whip/entity_tag.hpp"
#include "whip/ice_link.hpp"

namespace voicecast {
namespace {

constexpr unsigned precondition_required = 428;  // RFC 6585 §3; libsoup has no constant for it

/// A strong entity tag, unique to an ICE session (RFC 9725 §4.3.1).
std::string new_tag() { return '"' + new_secret_id() + '"'; }

/// Converts an Error into an HTTP status.
unsigned status_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
      return SOUP_STATUS_NOT_FOUND;
    case ErrorCode::bad_message:
      return SOUP_STATUS_BAD_REQUEST;
    case ErrorCode::unsupported:
      return SOUP_STATUS_UNPROCESSABLE_ENTITY;
    default:
      return SOUP_STATUS_INTERNAL_SERVER_ERROR;
  }
}

void refuse_because(SoupServerMessage* request, const Error& reason, const std::string& before = {}) {
  if (reason.code == ErrorCode::busy) return refuse_for_now(request, reason.message, usual_wait);
  refuse(request, status_of(reason), before + reason.message);
}

/// Copies a token in the URL to the session's URL: a client that puts it there sends no Authorization field.
std::string query_of(SoupServerMessage* request) {
  const char* query = g_uri_get_query(soup_server_message_get_uri(request));
  return query ? std::string("?") + query : "";
}

}  // namespace

MediaSession::MediaSession(SoupServerMessage* request, const Requester& requester, RemoteDescription offer,
                           std::string stream_id, std::string path, const MediaEndpointConfig& config, OnOver on_over)
    : waiting_(GPtr<SoupServerMessage>::share(request)),
      client_(client_name(request)),
      stream_id_(std::move(stream_id)),
      url_start_(public_url(request, requester.is_by_proxy).prefix + std::move(path)),
      secret_(new_secret_id()),
      tag_(new_tag()),
      offer_(std::move(offer)),
      ufrag_(offer_.ice_ufrag),
      config_(config),
      on_over_(std::move(on_over)) {
  // Sets a status, for libsoup would call its WebSocket handler otherwise.
  soup_server_message_set_status(request, SOUP_STATUS_CREATED, nullptr);
  soup_server_message_pause(request);
  if (requester.grant.expires) watch_expiry(*requester.grant.expires);
}

MediaSession::~MediaSession() { assert_main_thread(); }

void MediaSession::watch_expiry(std::chrono::system_clock::time_point time) {
  expiry_ = after(time_until(time), [this, time] {
    if (std::chrono::system_clock::now() < time) return watch_expiry(time);
    end({ErrorCode::closed, "the token has expired"});
  });
}

void MediaSession::on_description(const LocalDescription& description) {
  if (!waiting_) return;
  const auto request = std::exchange(waiting_, {});
  is_created_ = true;
  // An absolute path: OBS resolves relative ones wrongly.
  set_header(request.get(), "Location", url_start_ + secret_ + query_of(request.get()));
  set_header(request.get(), "ETag", tag_);
  set_header(request.get(), "Accept-Patch", sdpfrag_type);
  auto* headers = soup_server_message_get_response_headers(request.get());
  for (const auto& server : config_.ice_servers) soup_message_headers_append(headers, "Link", ice_link(server).c_str());
  answer(request.get(), SOUP_STATUS_CREATED, "application/sdp", to_sdp(description));
  soup_server_message_unpause(request.get());
}

void MediaSession::end(const Error& reason) {
  if (std::exchange(is_over_, true)) return;
  log_info(client_ + ": " + stream_id_ + ": " + reason.message, {{"VOICECAST_STREAM", stream_id_}});
  expiry_.reset();
  media_.reset();
  if (const auto request = std::exchange(waiting_, {})) {
    refuse_because(request.get(), reason);
    soup_server_message_unpause(request.get());
  }
  on_over_(*this);
}

void MediaSession::patch(SoupServerMessage* request) {
  if (!has_media_type(request, sdpfrag_type)) {
    set_header(request, "Accept-Patch", sdpfrag_type);
    return refuse(request, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
                  std::string("Unsupported media type: send ") + sdpfrag_type);
  }
  const auto fragment = read_fragment(body_of(request));
  if (!fragment) return refuse_because(request, fragment.error(), "Bad request: ");
  const bool is_restart = !fragment->ice.ufrag.empty() && fragment->ice.ufrag != ufrag_;
  if (!meets_condition(request, is_restart)) return;
  if (is_restart && fragment->ice.ufrag == earlier_ufrag_)
    return refuse(request, SOUP_STATUS_PRECONDITION_FAILED,
                  "Precondition failed: the fragment is of the ICE session before this one");
  is_restart ? restart(request, fragment->ice) : trickle(request, fragment->ice.candidates, fragment->is_last);
}

/// A restart does not identify an ICE session, for it ends the current one (RFC 9725 §4.3.3): new credentials with the
/// current ETag are those of a candidate that arrived before its restart. Responds if the precondition fails.
bool MediaSession::meets_condition(SoupServerMessage* request, bool is_restart) const {
  const auto match = match_tag(optional_header(request, "If-Match"), tag_);
  if (match == TagMatch::missing && config_.is_strict) {
    refuse(request, precondition_required,
           is_restart ? "Precondition required: send If-Match: \"*\"" : "Precondition required: send If-Match: ETAG");
    return false;
  }
  if (match != TagMatch::other && !(is_restart && match == TagMatch::same)) return true;
  refuse(request, SOUP_STATUS_PRECONDITION_FAILED,
         "Precondition failed: that is not the ETag of the ICE session (for a restart: \"*\")");
  return false;
}

void MediaSession::trickle(SoupServerMessage* request, const std::vector<std::string>& candidates, bool is_last) {
  for (const auto& candidate : candidates) media_->add_candidate(candidate);
  if (is_last) media_->add_candidate("");
  answer_empty(request, SOUP_STATUS_NO_CONTENT);
}

void MediaSession::restart(SoupServerMessage* request, const IceParameters& remote) {
  const auto local = media_->restart_ice(remote);
  if (!local) return refuse_because(request, local.error(), "No ICE restart: ");
  earlier_ufrag_ = std::exchange(ufrag_, remote.ufrag);
  tag_ = new_tag();
  log_info(client_ + ": " + stream_id_ + ": ICE restart", {{"VOICECAST_STREAM", stream_id_}});
  set_header(request, "ETag", tag_);
  answer(request, SOUP_STATUS_OK, sdpfrag_type, write_fragment(*local, offer_.mid, offer_.payload_type));
}

}  // namespace voicecast
