// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace voicecast {

/// The permissions of a client. Without authentication: all of them. A value; any thread.
struct Grant {
  bool may_publish = true;
  bool may_administrate = true;  ///< may read /metrics and /debug from any address
  bool may_listen_to_all = true;
  std::vector<std::string> streams;  ///< the permitted stream ids, unless all are
  std::optional<std::chrono::system_clock::time_point> expires;

  bool may_listen() const { return may_listen_to_all || !streams.empty(); }
  bool may_listen_to(const std::string& id) const {
    return may_listen_to_all || std::find(streams.begin(), streams.end(), id) != streams.end();
  }
  bool operator==(const Grant&) const = default;
};

}  // namespace voicecast
