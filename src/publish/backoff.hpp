// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace voicecast {

/// The delay before the next attempt: doubles each time, up to a limit, and begins anew after a good connection. Pure.
class Backoff {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds first{1000};  // long enough for a server to restart
  static constexpr std::chrono::milliseconds last{60000};  // finds a repaired server within a minute
  /// A longer connection was a good one.
  static constexpr std::chrono::seconds good_connection{10};

  void on_connected(Time now) { connected_at_ = now; }
  std::chrono::milliseconds next(Time now) {
    const auto connected_at = std::exchange(connected_at_, std::nullopt);
    if (connected_at && now - *connected_at > good_connection) delay_ = first;
    return std::exchange(delay_, std::min(delay_ * 2, last));
  }

 private:
  std::chrono::milliseconds delay_ = first;
  std::optional<Time> connected_at_;
};

}  // namespace voicecast
