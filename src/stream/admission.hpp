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

/// The time after which a place may be free.
inline constexpr std::chrono::seconds usual_wait{10};

/// Decides whether the limits allow a further stream or receiver, by WebSocket, WHIP or WHEP. Main thread.
class Admission {
 public:
  /// The reason for the client, and when to retry.
  struct Refusal {
    std::string words;
    std::chrono::seconds retry_after;
  };

  /// The arguments outlive this object.
  Admission(const StreamRegistry& registry, const Limits& limits, RefusalCounts& refusals);
  /// Applies changed limits; existing peers stay.
  void on_limits_changed();

  /// Counts a new stream of the client with this counting key, or returns the refusal; `is_another`: it replaces none.
  std::optional<Refusal> refuse_stream(const std::string& key, bool is_another);
  /// The same for a receiver of the stream.
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
