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

FrameRing::Place FrameRing::back_by(std::size_t bytes) const {
  Place place{end_, 0};
  while (place.number > begin()) {
    const auto size = g_bytes_get_size(at(place.number - 1).get());
    if (place.bytes + size > bytes) break;
    place = {place.number - 1, place.bytes + size};
  }
  return place;
}

}  // namespace voicecast
