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

/// The status of one push. A value type.
struct PushStatus {
  std::string stream_id = {};
  std::string url = {};  ///< without credentials (shown_url)
  PushState state = PushState::connecting;
  std::uint64_t sent_bytes = 0;
  std::string error = {};  ///< the last error; empty while it works
};

/// The status of a group [publish.NAME]; counts are since the start. A value type.
struct PublisherStatus {
  std::string name = {};
  std::string stream = {};  ///< as configured
  std::string url = {};     ///< as configured, without credentials
  std::uint64_t sent_bytes = 0;
  std::uint64_t dropped_bytes = 0;  ///< while the destination accepted nothing or was unreachable
  std::uint64_t failures = 0;
  std::string last_error = {};
  std::string error = {};  ///< an error of the whole group; empty while it works
  std::vector<PushStatus> pushes = {};
};

/// The number of live pushes.
inline std::uint64_t live_pushes(const PublisherStatus& publisher) {
  return static_cast<std::uint64_t>(std::ranges::count(publisher.pushes, PushState::live, &PushStatus::state));
}

}  // namespace voicecast
