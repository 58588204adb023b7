// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "stream/media_config.hpp"
#include "stream/stream.hpp"

namespace voicecast {

/// How long a request for a stream that is coming waits for its first packet. A sender that reaches the server at all
/// is connected within a second or two.
inline constexpr std::chrono::seconds coming_limit{5};

/// Who hears of streams that come and go, on the main loop.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  virtual void on_stream_available(const std::string& id) = 0;
  /// Comes before the stream stops: whoever holds a Receiver or Mp3Output of it drops it now.
  virtual void on_stream_ended(const std::string& id) = 0;
};

/// All streams; it alone adds and removes them. Main thread.
class StreamRegistry {
 public:
  explicit StreamRegistry(MediaConfig& config) : config_(config) {}

  /// Observers are told in the order in which they were added; they outlive the streams.
  void add_observer(StreamObserver& observer) { observers_.push_back(&observer); }

  /// A new stream that answers `offer`; `name` is for people. Nobody else sees it before its voice has come.
  Result<std::shared_ptr<Stream>> open(const std::string& id, const std::string& name, const RemoteDescription& offer,
                                       MediaEvents& events);
  /// Ends a stream, if it is there, whether announced or not.
  void close(const std::string& id);

  /// The live stream of this id, or null.
  std::shared_ptr<Stream> find(const std::string& id) const;
  /// The live stream that was announced last, or null.
  std::shared_ptr<Stream> newest() const { return live_.empty() ? nullptr : live_.back(); }
  /// The live streams, oldest first.
  const std::vector<std::shared_ptr<Stream>>& live() const { return live_; }
  /// Whether the stream of this id was opened and may be live in a moment.
  bool is_coming(const std::string& id) const;
  /// Whether any was.
  bool is_any_coming() const { return !opening_.empty(); }
  /// All streams, also those that are not live yet.
  std::size_t count() const { return opening_.size() + live_.size(); }
  /// The peers of all streams, senders and receivers, until they are stopped: also those of streams that are closed.
  std::size_t peer_count() const { return config_.peers.taken(); }
  /// Whether a stream of this id was live and is no more.
  bool has_ended(const std::string& id) const;
  /// Streams announced since the start.
  std::uint64_t announced_count() const { return announced_; }

 private:
  /// The voice has come: the stream is the newest now and may be listened to.
  void announce(const std::string& id);

  MediaConfig& config_;
  std::vector<StreamObserver*> observers_;
  std::vector<std::shared_ptr<Stream>> opening_, live_;
  std::deque<std::string> ended_;
  std::uint64_t announced_ = 0;
};

}  // namespace voicecast
