// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "base/ptr.hpp"

namespace voicecast {

/// The recent frames of a station, shared by all its listeners: each listener holds the number of its next frame
/// instead of a copy. Frames are numbered from 0. Main thread.
class FrameRing {
 public:
  /// Keeps at least the last `capacity_bytes`. Every frame lasts `frame_duration`.
  FrameRing(std::size_t capacity_bytes, std::chrono::nanoseconds frame_duration)
      : capacity_bytes_(capacity_bytes), frame_duration_(frame_duration) {}

  std::chrono::nanoseconds frame_duration() const { return frame_duration_; }

  void push(GPtr<GBytes> frame);
  /// The number of the oldest frame, and of the next one to be pushed.
  std::uint64_t begin() const { return end_ - frames_.size(); }
  std::uint64_t end() const { return end_; }
  /// begin() ≤ `number` < end().
  const GPtr<GBytes>& at(std::uint64_t number) const { return frames_[static_cast<std::size_t>(number - begin())]; }

  struct Position {
    std::uint64_t number = 0;
    std::size_t bytes = 0;  ///< from this frame to the end
  };
  /// The oldest frame with no more than `bytes` from it to the end.
  Position back_by(std::size_t bytes) const;

 private:
  std::size_t capacity_bytes_, bytes_ = 0;
  std::chrono::nanoseconds frame_duration_;
  std::deque<GPtr<GBytes>> frames_;
  std::uint64_t end_ = 0;
};

}  // namespace voicecast
