#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/main_loop.hpp"
#include "radio/silent_frames.hpp"
#include "radio/station.hpp"

namespace voicecast {

/// The station of those who wait for a voice, in one format: they get silence as time goes by. It costs nothing while
/// nobody waits. Main thread.
class SilentStation {
 public:
  using Make = std::function<std::unique_ptr<SilentFrames>()>;

  /// Silence begins anew each time that somebody waits where nobody did: `make` gives its frames.
  SilentStation(Make make, std::size_t ring_bytes, std::chrono::nanoseconds frame_duration);

  /// Who needs no header gets `silent_frames` ahead; others what was made in the last second.
  void add(const Tuning& tuning, std::size_t silent_frames);
  /// False if it was not here.
  bool remove(const std::shared_ptr<Listener>& listener);
  /// Gives all away, with what is due until now and the end of the silence.
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
  Station station_;  ///< with a ring of this silence alone
  std::unique_ptr<SilentFrames> frames_;
  std::chrono::steady_clock::time_point since_;
  Timer timer_;
};

}  // namespace voicecast
