#pragma once

#include <memory>
#include <vector>

#include "radio/frame_ring.hpp"
#include "radio/listener.hpp"

namespace voicecast {

/// A listener, and whether he stays for the next stream when this one ends.
struct Tuning {
  std::shared_ptr<Listener> listener;
  bool follows = false;
};

/// A ring of frames and those who listen to it. Main thread.
class Station {
 public:
  explicit Station(std::shared_ptr<FrameRing> ring) : ring_(std::move(ring)) {}

  FrameRing& ring() { return *ring_; }
  /// Adds a listener, who is given what there is for him at once.
  void add(const Tuning& tuning, const Entry& entry);
  /// False if it was not here.
  bool remove(const std::shared_ptr<Listener>& listener);
  /// A new frame. Of many listeners only some are served at each, in turn: one call to the kernel for several frames
  /// costs little more than for one.
  void push(GPtr<GBytes> frame);
  /// Serves all; those who did not take anything for too long leave.
  void serve_all() const;
  /// Serves all and gives them away.
  std::vector<Tuning> release();

  const std::vector<Tuning>& listeners() const { return listeners_; }

 private:
  std::shared_ptr<FrameRing> ring_;
  std::vector<Tuning> listeners_;
  std::size_t turn_ = 0;
};

}  // namespace voicecast
