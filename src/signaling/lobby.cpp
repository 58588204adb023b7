#include "signaling/lobby.hpp"

#include <algorithm>

#include "base/main_loop.hpp"
#include "base/thread_rule.hpp"
#include "http/soup.hpp"

namespace voicecast {

Lobby::Lobby(StreamRegistry& registry, Admission& admission, const Limits& limits, RefusalCounts& refusals,
             std::function<std::vector<StreamDetails>()> details)
    : registry_(registry),
      admission_(admission),
      limits_(limits),
      refusals_(refusals),
      by_address_(limits.websockets_per_address),
      details_(std::move(details)) {}

void Lobby::on_limits_changed() { by_address_.change(limits_.websockets_per_address); }

Lobby::Crowd Lobby::crowd(const std::string& key) const {
  if (sessions_.size() >= limits_.clients) return Crowd::everybody;
  return by_address_.is_full(key) ? Crowd::this_address : Crowd::none;
}

std::size_t Lobby::hearing_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(sessions_, [](const auto& session) { return session->is_hearing(); }));
}

void Lobby::welcome(GPtr<SoupWebsocketConnection> websocket, Client client) {
  assert_main_thread();
  by_address_.add(client.key);
  sessions_.push_back(
      std::make_unique<Session>(std::move(websocket), std::move(client), limits_.ping_interval, registry_, *this));
}

void Lobby::close_all(const char* reason) {
  for (const auto& session : sessions_) session->leave_role();
  for (const auto& session : sessions_) session->close(SOUP_WEBSOCKET_CLOSE_GOING_AWAY, reason);
}

Status Lobby::admit_stream(const Client& client, bool is_another) {
  const auto refusal = admission_.refuse_stream(client.key, is_another);
  return refusal ? Status(Error{ErrorCode::failed, refusal->words}) : success();
}

Status Lobby::admit_receiver(const Client& client, const std::string& stream_id) {
  const auto stream = registry_.find(stream_id);
  const auto refusal = stream ? admission_.refuse_receiver(client.key, *stream) : std::nullopt;
  return refusal ? Status(Error{ErrorCode::failed, refusal->words}) : success();
}

void Lobby::on_stream_available(const std::string& id) {
  const auto stream = registry_.find(id);
  const auto json = to_json(StreamAvailable{id, stream ? stream->name() : ""});
  for (const auto& session : sessions_) session->send_json(json);
  // Later: a session may be the stream's own sender, whose stream ends when it listens. The others are told first.
  post([this, id] {
    for (const auto& session : sessions_) session->on_stream_available(id);
  });
}

void Lobby::on_stream_ended(const std::string& id) {
  assert_main_thread();
  const auto json = to_json(StreamEnded{id});
  for (const auto& session : sessions_) {
    session->on_stream_ended(id);
    session->send_json(json);
  }
}

void Lobby::on_session_closed(Session& session) {
  by_address_.remove(session.client().key);
  // Later: it is inside its own "closed" handler, and a broadcast may be going through the list.
  post([this, gone = &session] { std::erase_if(sessions_, [&](const auto& s) { return s.get() == gone; }); });
}

}  // namespace voicecast
