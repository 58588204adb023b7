// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/ptr.hpp"
#include "stream/stream_registry.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// GET /debug/NAME.dot: the pipeline of a live stream as Graphviz text, for operators. One at a time: each takes the
/// background thread some milliseconds. Main thread.
class Graphs {
 public:
  /// `registry` outlives this object.
  explicit Graphs(const StreamRegistry& registry) : registry_(registry) {}

  /// Answers the request, when the graph is written. `file` is NAME.dot; NAME is a stream's id or "latest".
  void serve(SoupServerMessage* request, std::string_view file);

 private:
  struct Waiting;
  void give(const std::string& graph);

  const StreamRegistry& registry_;
  std::shared_ptr<Waiting> waiting_;  ///< the request whose graph is being written
};

}  // namespace voicecast
