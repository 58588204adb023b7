// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "access/limits.hpp"
#include "access/rate_limit.hpp"
#include "access/refusals.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// When somebody who is here may have left.
inline constexpr std::chrono::seconds usual_wait{10};

/// Whether there is room for one more stream or receiver, whichever way its client comes in. Main thread.
class Admission {
 public:
  /// Why not, in words for the client, and when to try again.
  struct Refusal {
    std::string words;
    std::chrono::seconds retry_after;
  };

  /// All outlive it.
  Admission(const StreamRegistry& registry, const Limits& limits, RefusalCounts& refusals);
  /// The limits are others now; nobody who is in is turned away.
  void on_limits_changed();

  /// Nothing: the client, whose address is counted under `key`, opens a stream now; `is_another` if it replaces none.
  std::optional<Refusal> refuse_stream(const std::string& key, bool is_another);
  /// Nothing: the client, likewise, becomes a receiver of the stream now.
  std::optional<Refusal> refuse_receiver(const std::string& key, const Stream& stream);

 private:
  Refusal refuse(const std::string& key, RefusalReason reason, std::string words,
                 std::chrono::seconds retry_after = usual_wait) const;
  std::optional<Refusal> refuse_peer(const std::string& key);

  const StreamRegistry& registry_;
  const Limits& limits_;
  RefusalCounts& refusals_;
  RateLimit new_peers_, new_streams_;
};

}  // namespace voicecast
