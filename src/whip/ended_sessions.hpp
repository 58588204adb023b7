// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

namespace voicecast {

/// The secrets of sessions that ended without a DELETE, for a limited time: the client may send it late. Bounded: drops
/// the oldest first. Main thread.
class EndedSessions {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(std::string secret, Time now);
  /// Removes the session; false: unknown or expired.
  bool take(std::string_view secret, Time now);

  /// A client without network retries for a minute or two.
  static constexpr std::chrono::minutes kept_for{10};
  static constexpr std::size_t max_count = 1000;

 private:
  void forget_old(Time now);

  struct Ended {
    std::string secret;
    Time since;
  };
  std::deque<Ended> ended_;  ///< oldest first
};

}  // namespace voicecast
