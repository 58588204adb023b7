// SPDX-License-Identifier: MIT
#include "stream/admission.hpp"

#include <utility>

#include "access/client_address.hpp"
#include "access/descriptors.hpp"
#include "access/refusal_log.hpp"

namespace voicecast {
namespace {

/// The descriptors of a stream or receiver: sockets, and wake-ups of its threads.
constexpr unsigned spare_descriptors = 64;

/// The rate of new peers of one address: a burst, then one per interval. After a server's restart a hall of people
/// behind one router connects at once; creating and stopping a peer costs milliseconds.
constexpr unsigned peers_at_once = 400;
constexpr RateLimit::Seconds peer_interval{0.05};

/// One per interval; 0: no limit.
RateLimit::Rate stream_rate(const Limits& limits, bool is_local) {
  const auto interval_s = limits.stream_interval_s.of(is_local);
  return {interval_s > 0 ? 1U : 0U, RateLimit::Seconds(interval_s)};
}

}  // namespace

Admission::Admission(const StreamRegistry& registry, const Limits& limits, RefusalCounts& refusals)
    : registry_(registry),
      limits_(limits),
      refusals_(refusals),
      new_peers_(peers_at_once, peer_interval),
      new_streams_(stream_rate(limits, false), stream_rate(limits, true)) {}

void Admission::on_limits_changed() { new_streams_.change(stream_rate(limits_, false), stream_rate(limits_, true)); }

Admission::Refusal Admission::refuse(const std::string& key, RefusalReason reason, std::string words,
                                     std::chrono::seconds retry_after) const {
  refusals_.add(reason);
  log_refusal(reason, key, words);
  return {std::move(words), retry_after};
}

/// Stopping peers count: they still have threads and descriptors, and a client that reconnects in a loop must not use
/// more than one that stays.
std::optional<Admission::Refusal> Admission::refuse_peer(const std::string& key) {
  if (registry_.peer_count() >= limits_.peers)
    return refuse(key, RefusalReason::peers,
                  "the server is full: it takes " + std::to_string(limits_.peers) + " WebRTC connections");
  if (open_descriptors() + spare_descriptors > limits_.descriptors)
    return refuse(key, RefusalReason::descriptors, "the server is full: too many open files and sockets");
  const auto wait = new_peers_.refuse(key, std::chrono::steady_clock::now());
  if (!wait) return std::nullopt;
  return refuse(key, RefusalReason::rate, "too many WebRTC connections from this address: try again in 1 s",
                std::chrono::ceil<std::chrono::seconds>(*wait));
}

std::optional<Admission::Refusal> Admission::refuse_stream(const std::string& key, bool is_another) {
  if (is_another && registry_.count() >= limits_.streams)
    return refuse(key, RefusalReason::streams,
                  "the server is full: it takes " + std::to_string(limits_.streams) + " streams");
  if (auto refusal = refuse_peer(key)) return refusal;
  const auto wait = new_streams_.refuse(key, std::chrono::steady_clock::now());
  if (!wait) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait);
  const auto interval_s = limits_.stream_interval_s.of(is_local_key(key));
  return refuse(key, RefusalReason::streams,
                "too many new streams from this address, which may open one in " + std::to_string(interval_s) +
                    " s: try again in " + std::to_string(seconds.count()) + " s",
                seconds);
}

std::optional<Admission::Refusal> Admission::refuse_receiver(const std::string& key, const Stream& stream) {
  if (stream.receiver_count() >= limits_.receivers_per_stream)
    return refuse(
        key, RefusalReason::receivers,
        "the stream is full: it has " + std::to_string(limits_.receivers_per_stream) + " receivers, try again later");
  return refuse_peer(key);
}

}  // namespace voicecast
