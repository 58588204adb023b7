// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace voicecast {

enum class PushState { connecting, live, waiting, failed, finishing };
inline constexpr std::array all_push_states{PushState::connecting, PushState::live, PushState::waiting,
                                            PushState::failed, PushState::finishing};

inline const char* word_for(PushState state) {
  switch (state) {
    case PushState::connecting:
      return "connecting";
    case PushState::live:
      return "live";
    case PushState::waiting:
      return "waiting";
    case PushState::failed:
      return "failed";
    case PushState::finishing:
      break;
  }
  return "finishing";
}

/// What is known of one stream on its way to one place.
struct PushStatus {
  std::string stream_id = {};
  std::string url = {};  ///< as people may see it
  PushState state = PushState::connecting;
  std::uint64_t sent_bytes = 0;
  std::string error = {};  ///< the last one; empty while all is well
};

/// What is known of a [publish.NAME] group; the counts are since the start.
struct PublisherStatus {
  std::string name = {};
  std::string stream = {};  ///< as configured
  std::string url = {};     ///< as configured and as people may see it
  std::uint64_t sent_bytes = 0;
  std::uint64_t dropped_bytes = 0;  ///< while the far end took nothing or was not there
  std::uint64_t failures = 0;
  std::string last_error = {};
  std::string error = {};  ///< why it can do nothing now, whatever the stream; empty while it can
  std::vector<PushStatus> pushes = {};
};

/// The streams that go out right now.
inline std::uint64_t live_pushes(const PublisherStatus& publisher) {
  return static_cast<std::uint64_t>(std::ranges::count(publisher.pushes, PushState::live, &PushStatus::state));
}

}  // namespace voicecast
