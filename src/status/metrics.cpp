// SPDX-License-Identifier: MIT
#include "status/metrics.hpp"

#include <functional>
#include <string>

#include "http/accept.hpp"
#include "http/json_document.hpp"
#include "status/metrics_text.hpp"

namespace voicecast {
namespace {

constexpr const char* prometheus_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* openmetrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The sum over all publishers.
template <class F>
std::uint64_t sum(const Facts& facts, F of) {
  std::uint64_t sum = 0;
  for (const auto& publisher : facts.publishers) sum += std::invoke(of, publisher);
  return sum;
}

Object refusals_json(const RefusalCounts& refusals) {
  auto object = new_object();
  for (std::size_t i = 0; i < refusal_words.size(); ++i)
    set_number(object, refusal_words[i], refusals.of(static_cast<RefusalReason>(i)));
  return object;
}

Object dropped_json(const DropCounts& counts) {
  auto object = new_object();
  for (std::size_t i = 0; i < counts.size(); ++i) set_number(object, drop_words[i], counts[i]);
  return object;
}

Document metrics_json(const Facts& facts) {
  const auto object = new_object();
  set_number(object, "uptime_seconds", facts.uptime_seconds());
  set_number(object, "active_connections", facts.connected_clients);
  set_number(object, "active_streams", facts.active_streams.size());
  set_number(object, "total_audio_bytes", facts.audio_bytes_received);
  set_flag(object, "webrtc_available", facts.webrtc_available);
  set_number(object, "receivers", facts.receivers);
  set_number(object, "connected_receivers", facts.connected_receivers);
  set_number(object, "mp3_listeners", facts.mp3_listeners.count);
  set_number(object, "opus_listeners", facts.opus_listeners.count);
  set_number(object, "mp3_encoders", facts.mp3_encoders);
  set_number(object, "streams_total", facts.streams_total);
  set_number(object, "mp3_bytes_sent", facts.mp3_listeners.counters.bytes_sent);
  set_number(object, "opus_bytes_sent", facts.opus_listeners.counters.bytes_sent);
  set_number(object, "mp3_lag_max_ms", static_cast<std::uint64_t>(facts.largest_lag().count()));
  set_number(object, "mp3_skips", facts.mp3_listeners.counters.skips);
  set_number(object, "mp3_skipped_frames", facts.mp3_listeners.counters.skipped_frames);
  set_number(object, "mp3_stalled", facts.mp3_listeners.counters.stalled);
  set_number(object, "lost_packets", facts.audio_packets_lost);
  set_number(object, "unsent_packets", facts.packets_unsent);
  set_number(object, "publishing", sum(facts, live_pushes));
  set_number(object, "published_bytes", sum(facts, &PublisherStatus::sent_bytes));
  set_number(object, "publish_dropped_bytes", sum(facts, &PublisherStatus::dropped_bytes));
  set_number(object, "publish_failures", sum(facts, &PublisherStatus::failures));
  json_object_set_object_member(object.get(), "refused", refusals_json(facts.refusals).release());
  json_object_set_object_member(object.get(), "dropped_packets", dropped_json(facts.packets_dropped).release());
  json_object_set_double_member(object.get(), "cpu_seconds", facts.cpu_seconds);
  json_object_set_double_member(object.get(), "encoder_cpu_seconds",
                                facts.decoder_cpu_seconds + facts.encoder_cpu_seconds);
  json_object_set_double_member(object.get(), "loop_longest_seconds", facts.loop_rounds.largest());
  set(object, "version", facts.version);
  return to_document(200, object);
}

enum class Format { json, prometheus, openmetrics };

/// JSON is preferred at equal weights: browsers, curl and axios ("application/json, text/plain, */*") accept anything.
Format choose_format(std::string_view accept) {
  // The names are ASCII, valid under any escaping scheme; Prometheus 3 requests this one.
  const double openmetrics = quality_of(accept, std::string(openmetrics_type) + "; escaping=allow-utf-8");
  const double prometheus = quality_of(accept, prometheus_type);
  const double json = quality_of(accept, json_type);
  if (json >= openmetrics && json >= prometheus) return Format::json;
  return openmetrics >= prometheus ? Format::openmetrics : Format::prometheus;
}

}  // namespace

Document metrics(const Facts& facts, std::string_view accept_header) {
  const auto format = choose_format(accept_header);
  if (format == Format::json) return metrics_json(facts);
  if (format == Format::openmetrics) return {200, openmetrics_type, metrics_text(facts, TextFormat::openmetrics)};
  return {200, prometheus_type, metrics_text(facts, TextFormat::prometheus)};
}

}  // namespace voicecast
