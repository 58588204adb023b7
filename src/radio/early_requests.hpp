// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "stream/stream_registry.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// Requests for a coming stream: a listener's request can arrive before the sender's first packet. Each
/// request is paused until the stream is live, for 5 s at most, and then served. A request whose client disconnects is
/// dropped. Main thread.
class EarlyRequests : public StreamObserver {
 public:
  /// `registry` outlives this object.
  explicit EarlyRequests(const StreamRegistry& registry);
  ~EarlyRequests() override;

  /// Calls `serve`, which answers the request: at once, or when `stream` (an id or "latest") is live if its sender is
  /// connecting.
  void serve_in_time(SoupServerMessage* request, const std::string& stream, std::function<void()> serve);
  std::size_t count() const { return held_.size(); }

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string&) override {}

 private:
  struct Held;
  bool is_coming(const std::string& stream) const;
  void serve(const Held* held);
  void forget(const Held* held);
  std::unique_ptr<Held> take(const Held* held);

  const StreamRegistry& registry_;
  std::list<std::unique_ptr<Held>> held_;
};

}  // namespace voicecast
