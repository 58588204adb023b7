// SPDX-License-Identifier: MIT
#include "status/facts.hpp"

#include <algorithm>

namespace voicecast {

std::chrono::milliseconds Facts::largest_lag() const {
  std::chrono::milliseconds largest{0};
  for (const auto& stream : active_streams)
    for (const auto lag : stream.mp3_lags) largest = std::max(largest, lag);
  return largest;
}

}  // namespace voicecast
