// SPDX-License-Identifier: MIT
#include "status/graphs.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "base/signal.hpp"
#include "http/answer.hpp"
#include "http/soup.hpp"

namespace voicecast {
namespace {

/// Longer than a graph takes.
constexpr std::chrono::seconds retry_after{1};

}  // namespace

struct Graphs::Waiting {
  GPtr<SoupServerMessage> request;
  std::optional<Connection> disconnected = {};
  bool is_connected = true;  ///< false: libsoup has released the request; it must not be answered
};

void Graphs::serve(SoupServerMessage* request, std::string_view file) {
  const auto name = file.substr(0, file.rfind('.')), ending = file.substr(name.size());
  if (ending == ".svg")
    return answer_text(request, SOUP_STATUS_GONE,
                       "Gone: use the same address with .dot, and draw it with: curl ….dot | dot -Tsvg");
  if (ending != ".dot") return answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
  const auto stream = name == "latest" ? registry_.newest() : registry_.find(std::string(name));
  if (!stream) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  if (waiting_) return refuse_for_now(request, "another graph is being written", retry_after);
  waiting_ = std::make_shared<Waiting>(Waiting{GPtr<SoupServerMessage>::share(request)});
  waiting_->disconnected.emplace(request, "disconnected",
                                 [this](SoupServerMessage*) { waiting_->is_connected = false; });
  // Without a status libsoup calls its WebSocket handler.
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  soup_server_message_pause(request);
  stream->draw([this, waiting = std::weak_ptr(waiting_)](const std::string& graph) {
    if (!waiting.expired()) give(graph);
  });
}

/// Answers the request, unless its client has disconnected.
void Graphs::give(const std::string& graph) {
  const auto waiting = std::exchange(waiting_, nullptr);
  if (!waiting->is_connected) return;
  answer(waiting->request.get(), {SOUP_STATUS_OK, "text/vnd.graphviz", graph});
  soup_server_message_unpause(waiting->request.get());
}

}  // namespace voicecast
