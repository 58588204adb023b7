// SPDX-License-Identifier: MIT
#include "radio/silent_station.hpp"

#include <algorithm>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// Far shorter than the lead, so that no player underruns; long enough to cost no CPU.
constexpr auto interval = 100ms;

/// Pages that a new listener gets with the header: one second.
constexpr std::uint64_t lead_pages = 1s / ogg_page_duration;

}  // namespace

SilentStation::SilentStation(Make make, std::size_t ring_bytes, std::chrono::nanoseconds frame_duration)
    : make_(std::move(make)), ring_bytes_(ring_bytes), frame_duration_(frame_duration), station_(new_ring()) {}

std::shared_ptr<FrameRing> SilentStation::new_ring() const {
  return std::make_shared<FrameRing>(ring_bytes_, frame_duration_);
}

void SilentStation::add(const Tuning& tuning, std::size_t silent_frames) {
  if (!frames_) start();
  auto& ring = station_.ring();
  if (frames_->header().empty()) return station_.add(tuning, {ring.end(), silent_frames, false});
  tuning.listener->say(frames_->header());
  station_.add(tuning, {ring.end() - std::min(lead_pages, ring.end() - ring.begin()), 0, false});
}

void SilentStation::start() {
  station_ = Station(new_ring());
  frames_ = make_();
  since_ = std::chrono::steady_clock::now();
  push_due();
  timer_ = every(interval, [this] {
    push_due();
    station_.serve_all();
    return true;
  });
}

void SilentStation::stop() {
  frames_.reset();
  timer_.reset();
}

void SilentStation::push_due() {
  for (auto due = frames_->due(std::chrono::steady_clock::now() - since_); due > 0; --due)
    station_.ring().push(frames_->next());
}

bool SilentStation::remove(const std::shared_ptr<Listener>& listener) {
  if (!station_.remove(listener)) return false;
  if (listeners().empty()) stop();
  return true;
}

std::vector<Tuning> SilentStation::release() {
  if (!frames_) return {};
  push_due();
  if (auto end = frames_->end()) station_.ring().push(std::move(end));
  stop();
  return station_.release();
}

}  // namespace voicecast
