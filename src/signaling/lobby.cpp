// SPDX-License-Identifier: MIT
#include "signaling/lobby.hpp"

#include <utility>

#include "base/main_loop.hpp"
#include "base/thread_rule.hpp"
#include "http/soup.hpp"

namespace voicecast {

Lobby::Lobby(SessionParts parts, const Limits& limits)
    : parts_(std::move(parts)), limits_(limits), by_address_(limits.websockets_per_address) {}

void Lobby::on_limits_changed() { by_address_.change(limits_.websockets_per_address); }

Lobby::Crowd Lobby::crowd(const std::string& key) const {
  if (sessions_.size() >= limits_.clients) return Crowd::everybody;
  return by_address_.is_full(key) ? Crowd::this_address : Crowd::none;
}

void Lobby::welcome(GPtr<SoupWebsocketConnection> websocket, Client client) {
  assert_main_thread();
  by_address_.add(client.key);
  sessions_.push_back(std::make_unique<Session>(std::move(websocket), std::move(client), limits_.ping_interval, parts_,
                                                [this](Session& session) { on_session_closed(session); }));
}

void Lobby::close_all(const char* reason) {
  for (const auto& session : sessions_) session->leave_role();
  for (const auto& session : sessions_) session->close(SOUP_WEBSOCKET_CLOSE_GOING_AWAY, reason);
}

void Lobby::on_stream_available(const std::string& id) {
  const auto stream = parts_.registry.find(id);
  const auto json = to_json(StreamAvailable{id, stream ? stream->name() : ""});
  for (const auto& session : sessions_) session->send_json(json);
  // Posted: a session may be the stream's own sender, whose stream ends when it receives. The others are notified
  // first.
  post([this, id] {
    for (const auto& session : sessions_) session->on_stream_available(id);
  });
}

void Lobby::on_stream_ended(const std::string& id) {
  assert_main_thread();
  const auto json = to_json(StreamEnded{id, parts_.registry.has_failed(id)});
  for (const auto& session : sessions_) {
    session->on_stream_ended(id);
    session->send_json(json);
  }
}

void Lobby::on_session_closed(Session& session) {
  by_address_.remove(session.client().key);
  // Posted: the session is inside its own "closed" handler, and a broadcast may be iterating over the list.
  post([this, gone = &session] { std::erase_if(sessions_, [&](const auto& s) { return s.get() == gone; }); });
}

}  // namespace voicecast
