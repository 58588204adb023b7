// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

namespace voicecast {

/// The secrets of sessions that ended without their client's DELETE, for a while: the client may not have noticed.
/// Bounded: the oldest is forgotten first.
class EndedSessions {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(std::string secret, Time now);
  /// Forgets the session; false where it is not known (any more).
  bool take(std::string_view secret, Time now);

  /// A client that lost its network tries for a minute or two.
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
