// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "audio/subscribers.hpp"
#include "base/ptr.hpp"

namespace voicecast {

/// What makes frames of a stream's voice: MP3, or pages of Ogg. It runs from when it is made until it is dropped. Main
/// thread.
class FrameOutput {
 public:
  /// Called on the main loop with one whole frame each, to be shared and not copied.
  using OnFrames = Subscribers<GPtr<GBytes>>::Take;
  using Subscription = Subscribers<GPtr<GBytes>>::Subscription;
  FrameOutput() = default;
  FrameOutput(const FrameOutput&) = delete;
  FrameOutput& operator=(const FrameOutput&) = delete;
  virtual ~FrameOutput() = default;

  /// Gives `take` all frames from now on, for as long as the subscription is held.
  [[nodiscard]] Subscription subscribe(OnFrames take) { return subscribers_.add(std::move(take)); }
  /// What a decoder needs before the first frame that it gets; empty where it needs nothing.
  virtual std::string_view header() const { return {}; }
  /// The voice has ended: the frame that says so, behind which another output's may follow; null where none is needed.
  virtual GPtr<GBytes> end() { return {}; }

 protected:
  void hand_out(const GPtr<GBytes>& frame) { subscribers_.hand_out(frame); }

 private:
  Subscribers<GPtr<GBytes>> subscribers_;
};

}  // namespace voicecast
