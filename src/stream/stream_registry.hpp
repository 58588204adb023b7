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

/// How long a request for a coming stream waits until it is live. A sender that can reach the server is connected
/// within a second or two.
inline constexpr std::chrono::seconds coming_limit{5};

/// The events of starting and ending streams, on the main loop.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  virtual void on_stream_available(const std::string& id) = 0;
  /// Called before the stream stops: holders of its Receiver or Mp3Output drop it now.
  virtual void on_stream_ended(const std::string& id) = 0;
};

/// All streams; only the registry adds and removes them. Main thread.
class StreamRegistry {
 public:
  explicit StreamRegistry(MediaConfig& config) : config_(config) {}

  /// Adds an observer; observers are called in this order, and outlive the streams.
  void add_observer(StreamObserver& observer) { observers_.push_back(&observer); }

  /// Opens a stream that answers `offer`; `name` is for people. It is coming, and not visible to others, until it is
  /// live (see Stream::is_live()).
  Result<std::shared_ptr<Stream>> open(const std::string& id, const std::string& name, const RemoteDescription& offer,
                                       MediaEvents& events);
  /// Ends a stream, if it exists, announced or not.
  void close(const std::string& id);

  /// The live stream of this id; null without one.
  std::shared_ptr<Stream> find(const std::string& id) const;
  /// The live stream that was announced last; null without one.
  std::shared_ptr<Stream> newest() const { return live_.empty() ? nullptr : live_.back(); }
  /// The live streams, oldest first.
  const std::vector<std::shared_ptr<Stream>>& live() const { return live_; }
  /// Whether the stream of this id is coming: open, but not live yet.
  bool is_coming(const std::string& id) const;
  /// Whether any stream is coming.
  bool is_any_coming() const { return !coming_.empty(); }
  /// The number of streams, coming and live.
  std::size_t count() const { return coming_.size() + live_.size(); }
  /// The number of peers of all streams, senders and receivers, until they are stopped: including those of closed
  /// streams.
  std::size_t peer_count() const { return config_.peers.taken(); }
  /// Whether a stream of this id was live and has ended.
  bool has_ended(const std::string& id) const;
  /// Whether it ended because it failed (see Stream::has_failed()), not because its sender stopped.
  bool has_failed(const std::string& id) const;
  /// The number of streams announced since the start.
  std::uint64_t announced_count() const { return announced_; }

 private:
  /// Announces a live stream, which is the newest now.
  void announce(const std::string& id);

  MediaConfig& config_;
  std::vector<StreamObserver*> observers_;
  std::vector<std::shared_ptr<Stream>> coming_, live_;  ///< coming, and live
  struct Ended {
    std::string id;
    bool has_failed;
  };
  std::deque<Ended> ended_;
  std::uint64_t announced_ = 0;
};

}  // namespace voicecast
