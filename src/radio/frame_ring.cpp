// SPDX-License-Identifier: MIT
#include "radio/frame_ring.hpp"

#include <utility>

namespace voicecast {

void FrameRing::push(GPtr<GBytes> frame) {
  bytes_ += g_bytes_get_size(frame.get());
  frames_.push_back(std::move(frame));
  ++end_;
  while (bytes_ - g_bytes_get_size(frames_.front().get()) >= capacity_bytes_) {
    bytes_ -= g_bytes_get_size(frames_.front().get());
    frames_.pop_front();
  }
}

FrameRing::Position FrameRing::back_by(std::size_t bytes) const {
  Position position{end_, 0};
  while (position.number > begin()) {
    const auto size = g_bytes_get_size(at(position.number - 1).get());
    if (position.bytes + size > bytes) break;
    position = {position.number - 1, position.bytes + size};
  }
  return position;
}

}  // namespace voicecast
