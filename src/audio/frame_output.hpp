// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "audio/subscribers.hpp"
#include "base/ptr.hpp"

namespace voicecast {

/// Produces frames of a stream's audio, MP3 or Ogg pages, from its construction until its destruction. Main thread.
class FrameOutput {
 public:
  /// Called on the main loop with one whole frame each; the frame is shared, not copied.
  using OnFrames = Subscribers<GPtr<GBytes>>::Take;
  using Subscription = Subscribers<GPtr<GBytes>>::Subscription;
  FrameOutput() = default;
  FrameOutput(const FrameOutput&) = delete;
  FrameOutput& operator=(const FrameOutput&) = delete;
  virtual ~FrameOutput() = default;

  /// Calls `take` with every frame from now on, until the subscription is dropped.
  [[nodiscard]] Subscription subscribe(OnFrames take) { return subscribers_.add(std::move(take)); }
  /// The bytes that a decoder needs before its first frame; empty for MP3.
  virtual std::string_view header() const { return {}; }
  /// The frame that ends the stream, after which another output's frames may follow; null for MP3.
  virtual GPtr<GBytes> end() { return {}; }

 protected:
  void hand_out(const GPtr<GBytes>& frame) { subscribers_.hand_out(frame); }

 private:
  Subscribers<GPtr<GBytes>> subscribers_;
};

}  // namespace voicecast
