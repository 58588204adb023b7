// SPDX-License-Identifier: MIT
#include "radio/station.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {
namespace {

/// Up to this many listeners are served at every frame; of twice as many, each at every second one, and so on.
constexpr std::size_t served_at_once = 64;
/// A listener is served at least at every 8th frame: each 0.2 s of MP3.
constexpr std::size_t max_frames_at_once = 8;

}  // namespace

void Station::add(const Tuning& tuning, const Entry& entry) {
  listeners_.push_back(tuning);
  tuning.listener->tune(ring_, entry);
  tuning.listener->pump();
}

bool Station::remove(const std::shared_ptr<Listener>& listener) {
  return std::erase_if(listeners_, [&](const Tuning& tuning) { return tuning.listener == listener; }) > 0;
}

void Station::push(GPtr<GBytes> frame) {
  ring_->push(std::move(frame));
  const auto turns = std::min(1 + listeners_.size() / served_at_once, max_frames_at_once);
  for (auto i = ++turn_ % turns; i < listeners_.size(); i += turns) listeners_[i].listener->pump();
}

void Station::serve_all() const {
  for (const auto& tuning : listeners_) tuning.listener->pump();
}

std::vector<Tuning> Station::release() {
  serve_all();
  return std::exchange(listeners_, {});
}

}  // namespace voicecast
