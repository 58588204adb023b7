#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/background.hpp"
#include "base/main_loop.hpp"
#include "base/result.hpp"

namespace voicecast {

/// Graphviz's program "dot" (Debian: graphviz), which need not be there. It runs behind everything that is urgent, with
/// bounds on its time, its memory and what it writes. Main thread.
class Graphviz {
 public:
  using Done = std::function<void(const Result<std::string>& svg)>;

  Graphviz() = default;
  /// Ends the program; `done` is called nevertheless if the main loop goes on.
  ~Graphviz() { stop(); }
  Graphviz(const Graphviz&) = delete;

  /// Draws a graph as SVG and calls `done`, on the main loop; not to be called again before. ErrorCode::unsupported:
  /// the program is not installed.
  void draw(std::string graph, Done done);
  /// Ends the program of the drawing under way; its `done` gets an Error.
  void stop();

 private:
  struct Drawing;
  BackgroundQueue queue_;
  std::shared_ptr<Drawing> drawing_;  ///< under way, or the last one
  Timer limit_;
};

}  // namespace voicecast
