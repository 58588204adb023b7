// SPDX-License-Identifier: MIT
#include "base/loop_watch.hpp"

#include <glib.h>

#include <optional>
#include <utility>

namespace voicecast {
namespace {

using Clock = std::chrono::steady_clock;

// GLib passes no user data to a poll function.
LoopWatch::OnRound on_round;
std::optional<Clock::time_point> round_began;

gint poll_and_measure(GPollFD* descriptors, guint count, gint timeout_ms) noexcept {
  if (round_began) on_round(Clock::now() - *round_began);
  const auto ready = g_poll(descriptors, count, timeout_ms);
  round_began = Clock::now();
  return ready;
}

}  // namespace

LoopWatch::LoopWatch(OnRound callback) {
  on_round = std::move(callback);
  g_main_context_set_poll_func(nullptr, poll_and_measure);
}

LoopWatch::~LoopWatch() {
  g_main_context_set_poll_func(nullptr, nullptr);
  round_began.reset();
}

}  // namespace voicecast
