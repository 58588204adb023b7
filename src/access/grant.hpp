// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace voicecast {

/// What somebody may do. Without authentication that is everything.
struct Grant {
  bool may_publish = true;
  bool may_administrate = true;  ///< sees /metrics and /debug from anywhere
  bool may_listen_to_all = true;
  std::vector<std::string> streams;  ///< ids to listen to, where not to all
  std::optional<std::chrono::system_clock::time_point> expires;

  bool may_listen() const { return may_listen_to_all || !streams.empty(); }
  bool may_listen_to(const std::string& id) const {
    return may_listen_to_all || std::find(streams.begin(), streams.end(), id) != streams.end();
  }
  bool operator==(const Grant&) const = default;
};

}  // namespace voicecast
