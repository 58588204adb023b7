// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/main_loop.hpp"
#include "radio/silent_frames.hpp"
#include "radio/station.hpp"

namespace voicecast {

/// The station of the listeners that wait for a stream, in one format: sends silence in real time. Idle without
/// listeners. Main thread.
class SilentStation {
 public:
  using Make = std::function<std::unique_ptr<SilentFrames>()>;

  /// `make` is called for each first listener: the silence starts anew.
  SilentStation(Make make, std::size_t ring_bytes, std::chrono::nanoseconds frame_duration);

  /// Adds a listener, which gets `silent_frames` at once in MP3, and the last second in Ogg.
  void add(const Tuning& tuning, std::size_t silent_frames);
  /// False: the listener is not in this station.
  bool remove(const std::shared_ptr<Listener>& listener);
  /// Serves all listeners up to now, ends the silence and returns them.
  std::vector<Tuning> release();
  const std::vector<Tuning>& listeners() const { return station_.listeners(); }

 private:
  std::shared_ptr<FrameRing> new_ring() const;
  void start();
  void stop();
  void push_due();

  Make make_;
  std::size_t ring_bytes_;
  std::chrono::nanoseconds frame_duration_;
  Station station_;  ///< its ring is replaced by start()
  std::unique_ptr<SilentFrames> frames_;
  std::chrono::steady_clock::time_point since_;
  Timer timer_;
};

}  // namespace voicecast
