#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/ptr.hpp"
#include "http/document.hpp"
#include "status/graphviz.hpp"
#include "stream/stream_registry.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// The pipelines of live streams as graphs, for operators: one at a time, as each takes its while. Main thread.
class Graphs {
 public:
  /// `registry` outlives it.
  explicit Graphs(const StreamRegistry& registry) : registry_(registry) {}

  /// Answers the request when the graph is drawn. `file` is NAME.dot (the text) or NAME.svg (a picture, by Graphviz),
  /// where NAME is a stream's id or "latest".
  void serve(SoupServerMessage* request, std::string_view file);

 private:
  struct Waiting;
  void on_drawn(const std::string& graph);
  void on_disconnected();
  void give(const Document& document);

  const StreamRegistry& registry_;
  std::shared_ptr<Waiting> waiting_;  ///< the request whose graph is being drawn
  Graphviz graphviz_;
};

}  // namespace voicecast
