#include "signaling/lobby.hpp"

#include <algorithm>

#include "glib/main_loop.hpp"
#include "glib/soup.hpp"

namespace voicecast {

void Lobby::welcome(GPtr<SoupWebsocketConnection> websocket, std::string client) {
  sessions_.push_back(std::make_unique<Session>(std::move(websocket), std::move(client), registry_, *this));
}

void Lobby::close_all(const char* reason) {
  for (const auto& session : sessions_) session->close(SOUP_WEBSOCKET_CLOSE_GOING_AWAY, reason);
}

std::size_t Lobby::receiver_count() const {
  return static_cast<std::size_t>(
      std::count_if(sessions_.begin(), sessions_.end(), [](const auto& session) { return session->is_receiving(); }));
}

std::size_t Lobby::receiver_count(const std::string& stream_id) const {
  return static_cast<std::size_t>(std::count_if(
      sessions_.begin(), sessions_.end(), [&](const auto& session) { return session->receiving_id() == stream_id; }));
}

void Lobby::on_stream_available(const std::string& id) {
  const auto stream = registry_.find(id);
  const auto json = to_json(StreamAvailable{id, stream ? stream->name() : ""});
  for (const auto& session : sessions_) session->send_json(json);
}

void Lobby::on_stream_ended(const std::string& id) {
  const auto json = to_json(StreamEnded{id});
  for (const auto& session : sessions_) {
    session->on_stream_ended(id);
    session->send_json(json);
  }
}

void Lobby::on_session_closed(Session& session) {
  // Later: it is inside its own "closed" handler, and a broadcast may be going through the list.
  post([this, gone = &session] { std::erase_if(sessions_, [&](const auto& s) { return s.get() == gone; }); });
}

}  // namespace voicecast
