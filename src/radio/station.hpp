// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "radio/frame_ring.hpp"
#include "radio/listener.hpp"

namespace voicecast {

/// A listener and its choice of what follows when its stream ends: the next stream (`follows`), or the end.
struct Tuning {
  std::shared_ptr<Listener> listener;
  bool follows = false;
};

/// A ring of frames and its listeners. Main thread.
class Station {
 public:
  explicit Station(std::shared_ptr<FrameRing> ring) : ring_(std::move(ring)) {}

  FrameRing& ring() { return *ring_; }
  /// Adds a listener and sends what the ring holds for it.
  void add(const Tuning& tuning, const Entry& entry);
  /// False: the listener is not in this station.
  bool remove(const std::shared_ptr<Listener>& listener);
  /// Adds a frame and serves the listeners; of many only a part at each frame, in turn: one system call for several
  /// frames costs little more than for one.
  void push(GPtr<GBytes> frame);
  /// Serves all; drops those that have read nothing for too long.
  void serve_all() const;
  /// Serves all, removes and returns them.
  std::vector<Tuning> release();

  const std::vector<Tuning>& listeners() const { return listeners_; }

 private:
  std::shared_ptr<FrameRing> ring_;
  std::vector<Tuning> listeners_;
  std::size_t turn_ = 0;
};

}  // namespace voicecast
