// SPDX-License-Identifier: MIT
#include "whip/ended_sessions.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {

void EndedSessions::forget_old(Time now) {
  while (!ended_.empty() && now - ended_.front().since >= kept_for) ended_.pop_front();
}

void EndedSessions::add(std::string secret, Time now) {
  forget_old(now);
  if (ended_.size() == max_count) ended_.pop_front();
  ended_.push_back({std::move(secret), now});
}

bool EndedSessions::take(std::string_view secret, Time now) {
  forget_old(now);
  const auto found = std::ranges::find(ended_, secret, &Ended::secret);
  if (found == ended_.end()) return false;
  ended_.erase(found);
  return true;
}

}  // namespace voicecast
