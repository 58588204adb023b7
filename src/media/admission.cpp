#include "media/admission.hpp"

#include <utility>

#include "access/descriptors.hpp"

namespace voicecast {
namespace {

/// A stream or a receiver opens a dozen or two: sockets, and what wakes its threads.
constexpr unsigned spare_descriptors = 64;

/// One, and then one in each interval; 0 switches the limit off.
unsigned stream_burst(const Limits& limits) { return limits.stream_interval_s > 0 ? 1 : 0; }

}  // namespace

Admission::Admission(const StreamRegistry& registry, const Limits& limits, RefusalCounts& refusals)
    : registry_(registry),
      limits_(limits),
      refusals_(refusals),
      new_streams_(stream_burst(limits), RateLimit::Seconds(limits.stream_interval_s)) {}

void Admission::on_limits_changed() {
  new_streams_.change(stream_burst(limits_), RateLimit::Seconds(limits_.stream_interval_s));
}

Admission::Refusal Admission::refuse(RefusalReason reason, std::string words, std::chrono::seconds retry_after) const {
  refusals_.add(reason);
  return {std::move(words), retry_after};
}

std::optional<Admission::Refusal> Admission::refuse_descriptors() const {
  if (open_descriptors() + spare_descriptors <= limits_.descriptors) return std::nullopt;
  return refuse(RefusalReason::descriptors, "the server is full: too many open files and sockets");
}

std::optional<Admission::Refusal> Admission::refuse_stream(const std::string& key, bool is_another) {
  if (is_another && registry_.count() >= limits_.streams)
    return refuse(RefusalReason::streams,
                  "the server is full: it takes " + std::to_string(limits_.streams) + " streams");
  if (auto refusal = refuse_descriptors()) return refusal;
  const auto wait = new_streams_.refuse(key, std::chrono::steady_clock::now());
  if (!wait) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait);
  return refuse(RefusalReason::streams,
                "too many new streams from this address, which may open one in " +
                    std::to_string(limits_.stream_interval_s) + " s: try again in " + std::to_string(seconds.count()) +
                    " s",
                seconds);
}

std::optional<Admission::Refusal> Admission::refuse_receiver(const Stream& stream) const {
  if (stream.receiver_count() >= limits_.receivers_per_stream)
    return refuse(
        RefusalReason::receivers,
        "the stream is full: it has " + std::to_string(limits_.receivers_per_stream) + " receivers, try again later");
  return refuse_descriptors();
}

}  // namespace voicecast
