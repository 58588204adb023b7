#include "signaling/lobby.hpp"

#include <algorithm>
#include <cmath>

#include "access/descriptors.hpp"
#include "glib/main_loop.hpp"
#include "glib/soup.hpp"
#include "glib/thread_rule.hpp"

namespace voicecast {

namespace {

/// A stream or a receiver opens a dozen or two: sockets, and what wakes its threads.
constexpr unsigned spare_descriptors = 64;

Status admit_descriptors(const Limits& limits) {
  if (open_descriptors() + spare_descriptors <= limits.descriptors) return success();
  return Error{ErrorCode::failed, "the server is full: too many open files and sockets"};
}

}  // namespace

Lobby::Lobby(StreamRegistry& registry, const Limits& limits, std::function<std::vector<StreamDetails>()> details)
    : registry_(registry),
      limits_(limits),
      by_address_(limits.websockets_per_address),
      new_streams_(limits.stream_interval_s ? 1 : 0, std::chrono::duration<double>(limits.stream_interval_s)),
      details_(std::move(details)) {}

Lobby::Crowd Lobby::crowd(const std::string& key) const {
  if (sessions_.size() >= limits_.clients) return Crowd::everybody;
  return by_address_.is_full(key) ? Crowd::this_address : Crowd::none;
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
  if (is_another && registry_.count() >= limits_.streams)
    return Error{ErrorCode::failed, "the server is full: it takes " + std::to_string(limits_.streams) + " streams"};
  if (auto admitted = admit_descriptors(limits_); !admitted) return admitted;
  const auto wait = new_streams_.refuse(client.key, std::chrono::steady_clock::now());
  if (!wait) return success();
  return Error{ErrorCode::failed, "too many new streams from this address, which may open one in " +
                                      std::to_string(limits_.stream_interval_s) + " s: try again in " +
                                      std::to_string(static_cast<int>(std::ceil(wait->count()))) + " s"};
}

Status Lobby::admit_receiver(const std::string& stream_id) {
  if (receiver_count(stream_id) >= limits_.receivers_per_stream)
    return Error{ErrorCode::failed, "the stream is full: it has " + std::to_string(limits_.receivers_per_stream) +
                                        " receivers, try again later"};
  return admit_descriptors(limits_);
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
