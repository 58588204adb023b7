// SPDX-License-Identifier: MIT
#include "radio/early_requests.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/main_loop.hpp"
#include "base/signal.hpp"
#include "http/answer.hpp"
#include "http/request_connection.hpp"
#include "http/soup.hpp"

namespace voicecast {
namespace {

/// Paused requests, each with a body of 64 KiB at most. Requests beyond this limit are served at once.
constexpr std::size_t max_held = 100;

}  // namespace

struct EarlyRequests::Held {
  GPtr<SoupServerMessage> request;
  std::string stream;
  std::function<void()> serve;
  Timer limit = {};
  GUnique<GSource> leaving = {};                ///< fires when the client disconnects
  std::optional<Connection> disconnected = {};  ///< fires when the server stops
};

EarlyRequests::EarlyRequests(const StreamRegistry& registry) : registry_(registry) {}

EarlyRequests::~EarlyRequests() = default;

bool EarlyRequests::is_coming(const std::string& stream) const {
  return stream == "latest" ? !registry_.newest() && registry_.is_any_coming() : registry_.is_coming(stream);
}

void EarlyRequests::serve_in_time(SoupServerMessage* request, const std::string& stream, std::function<void()> serve) {
  const auto connection = connection_of(request);
  if (!connection || !is_coming(stream) || held_.size() >= max_held) return serve();
  auto& held = *held_.emplace_back(
      std::make_unique<Held>(Held{GPtr<SoupServerMessage>::share(request), stream, std::move(serve)}));
  held.limit = after(coming_limit, [this, &held] { this->serve(&held); });
  // libsoup 3.2 does not watch the connection of a paused request.
  held.leaving = connection->when_left([this, &held] { forget(&held); });
  held.disconnected.emplace(request, "disconnected", [this, &held](SoupServerMessage*) { take(&held); });
  // Without a status libsoup calls its WebSocket handler.
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  soup_server_message_pause(request);
}

void EarlyRequests::on_stream_available(const std::string& id) {
  std::vector<const Held*> due;
  for (const auto& held : held_)
    if (held->stream == id || held->stream == "latest") due.push_back(held.get());
  for (const auto* held : due) serve(held);
}

/// The callback may pause the request again or take its connection.
void EarlyRequests::serve(const Held* held) {
  const auto taken = take(held);
  if (!taken) return;
  soup_server_message_unpause(taken->request.get());
  taken->serve();
}

/// Answers a request whose client has disconnected; libsoup notices that when it writes.
void EarlyRequests::forget(const Held* held) {
  const auto taken = take(held);
  answer_text(taken->request.get(), SOUP_STATUS_NOT_FOUND, "Stream not found");
  soup_server_message_unpause(taken->request.get());
}

std::unique_ptr<EarlyRequests::Held> EarlyRequests::take(const Held* held) {
  const auto at = std::ranges::find(held_, held, &std::unique_ptr<Held>::get);
  if (at == held_.end()) return nullptr;
  auto taken = std::move(*at);
  held_.erase(at);
  return taken;
}

}  // namespace voicecast
