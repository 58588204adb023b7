// SPDX-License-Identifier: MIT
#include "audio/voice_pace.hpp"

#include <algorithm>

namespace voicecast {

/// A lead shrinks slightly faster than real time; otherwise the lead of a fast clock would grow without bound.
VoicePace::Time VoicePace::ahead(Time now) {
  constexpr int faster_by_one_in = 100;
  const auto elapsed = std::max(now - counted_until_.value_or(now), Time(0));
  counted_until_ = now;
  ahead_ = std::max(ahead_ - elapsed - elapsed / faster_by_one_in, std::min(ahead_, Time(0)) - elapsed);
  return ahead_;
}

bool VoicePace::try_advance(Time now, Time by, Time max_ahead) {
  if (ahead(now) + by > max_ahead) return false;
  ahead_ += by;
  return true;
}

}  // namespace voicecast
