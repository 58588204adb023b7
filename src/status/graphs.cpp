#include "status/graphs.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "base/signal.hpp"
#include "http/answer.hpp"
#include "http/request_connection.hpp"
#include "http/soup.hpp"

namespace voicecast {
namespace {

/// Most pictures take less.
constexpr std::chrono::seconds retry_after{2};

/// The edge where an Error becomes an answer.
Document refusal(const Error& error) {
  const bool is_missing = error.code == ErrorCode::unsupported;
  return {is_missing ? SOUP_STATUS_NOT_IMPLEMENTED : SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8",
          (is_missing ? "Not implemented: " : "Internal server error: ") + error.message +
              "; the same address with .dot has the graph as text, for Graphviz on another machine"};
}

}  // namespace

struct Graphs::Waiting {
  GPtr<SoupServerMessage> request;
  bool wants_picture;
  std::optional<Connection> disconnected = {};
  GUnique<GSource> leaving = {};  ///< looks whether the client leaves
  bool is_connected = true;       ///< or libsoup has let go of it, and it must not be answered
};

void Graphs::serve(SoupServerMessage* request, std::string_view file) {
  const auto name = file.substr(0, file.rfind('.')), ending = file.substr(name.size());
  if (ending != ".dot" && ending != ".svg") return answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
  const auto stream = name == "latest" ? registry_.newest() : registry_.find(std::string(name));
  if (!stream) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  if (waiting_) return refuse_for_now(request, "another graph is being drawn", retry_after);
  waiting_ = std::make_shared<Waiting>(Waiting{GPtr<SoupServerMessage>::share(request), ending == ".svg"});
  waiting_->disconnected.emplace(request, "disconnected", [this](SoupServerMessage*) { on_disconnected(); });
  // With a status, or libsoup would ask its WebSocket handler.
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  soup_server_message_pause(request);
  stream->draw([this, waiting = std::weak_ptr(waiting_)](const std::string& graph) {
    if (!waiting.expired()) on_drawn(graph);
  });
}

/// The server stops. A client who leaves does not come to this: libsoup 3.2 looks at no connection whose request is
/// paused.
void Graphs::on_disconnected() {
  waiting_->is_connected = false;
  waiting_->leaving.reset();
  graphviz_.stop();
}

void Graphs::on_drawn(const std::string& graph) {
  const auto connection = connection_of(waiting_->request.get());
  const bool draws = waiting_->wants_picture && waiting_->is_connected && connection;
  if (!draws) return give({SOUP_STATUS_OK, "text/vnd.graphviz", graph});
  waiting_->leaving = connection->when_left([this] { graphviz_.stop(); });
  graphviz_.draw(graph, [this, waiting = std::weak_ptr(waiting_)](const Result<std::string>& svg) {
    if (!waiting.expired()) give(svg ? Document{SOUP_STATUS_OK, "image/svg+xml", *svg} : refusal(svg.error()));
  });
}

/// To nobody, if the client has left.
void Graphs::give(const Document& document) {
  const auto waiting = std::exchange(waiting_, nullptr);
  if (!waiting->is_connected) return;
  answer(waiting->request.get(), document);
  soup_server_message_unpause(waiting->request.get());
}

}  // namespace voicecast
