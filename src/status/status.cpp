// SPDX-License-Identifier: MIT
#include "status/status.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "http/json_document.hpp"

namespace voicecast {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words) result += (result.empty() ? "" : ", ") + word;
  return result;
}

/// Empty: healthy.
std::vector<std::string> ailments(const Facts& facts) {
  std::vector<std::string> result;
  if (!facts.webrtc_available)
    result.push_back(facts.missing_elements.empty() ? "WebRTC is not available"
                                                    : "missing GStreamer elements: " + join(facts.missing_elements));
  if (!facts.audio_server_running) result.push_back("the audio port is not listening");
  return result;
}

/// Lists the slowest listeners only: there may be thousands.
constexpr std::size_t max_lags = 20;

Object reception_of(const ReceptionReport& reception) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  auto object = new_object();
  json_object_set_double_member(object.get(), "loss", reception.loss);
  set_number(object, "lost_packets", static_cast<std::uint64_t>(reception.lost_packets));
  json_object_set_double_member(object.get(), "jitter_ms", Milliseconds(reception.jitter).count());
  json_object_set_double_member(object.get(), "round_trip_ms", Milliseconds(reception.round_trip).count());
  return object;
}

Object details_of(const StreamDetails& stream) {
  auto object = new_object();
  set(object, "id", stream.id);
  set(object, "name", stream.name);
  set_number(object, "since", static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(stream.since)));
  set_number(object, "listeners", stream.listeners());
  set_number(object, "webrtc_listeners", stream.webrtc_listeners);
  set_number(object, "mp3_listeners", stream.mp3_listeners);
  set_number(object, "opus_listeners", stream.opus_listeners);
  auto lags = GPtr<JsonArray>::adopt(json_array_new());
  for (std::size_t i = 0; i < std::min(stream.mp3_lags.size(), max_lags); ++i)
    json_array_add_int_element(lags.get(), stream.mp3_lags[i].count());
  json_object_set_array_member(object.get(), "mp3_lags_ms", lags.release());
  auto receivers = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& reception : stream.receptions)
    json_array_add_object_element(receivers.get(), reception_of(reception).release());
  json_object_set_array_member(object.get(), "receivers", receivers.release());
  set_number(object, "received_bytes", stream.received_bytes);
  set_number(object, "received_packets", stream.received_packets);
  set_number(object, "lost_packets", stream.lost_packets);
  set_flag(object, "silent", stream.is_silent);
  return object;
}

Object push_of(const PushStatus& push) {
  auto object = new_object();
  set(object, "stream_id", push.stream_id);
  set(object, "url", push.url);
  set(object, "state", word_for(push.state));
  set_number(object, "sent_bytes", push.sent_bytes);
  if (!push.error.empty()) set(object, "error", push.error);
  return object;
}

Object publisher_of(const PublisherStatus& publisher) {
  auto object = new_object();
  set(object, "name", publisher.name);
  set(object, "stream", publisher.stream);
  set(object, "url", publisher.url);
  set(object, "state", publisher.error.empty() ? "ready" : "failed");
  if (!publisher.error.empty()) set(object, "error", publisher.error);
  set_number(object, "sent_bytes", publisher.sent_bytes);
  set_number(object, "dropped_bytes", publisher.dropped_bytes);
  set_number(object, "failures", publisher.failures);
  if (!publisher.last_error.empty()) set(object, "last_error", publisher.last_error);
  auto pushes = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& push : publisher.pushes) json_array_add_object_element(pushes.get(), push_of(push).release());
  json_object_set_array_member(object.get(), "pushes", pushes.release());
  return object;
}

}  // namespace

Document health(const Facts& facts) {
  const auto reasons = ailments(facts);
  const auto object = new_object();
  set(object, "status", reasons.empty() ? "healthy" : "unhealthy");
  set_flag(object, "webrtc_available", facts.webrtc_available);
  set_flag(object, "audio_server_running", facts.audio_server_running);
  set_number(object, "active_streams", facts.active_streams.size());
  set_number(object, "connected_clients", facts.connected_clients);
  set_number(object, "uptime_seconds", facts.uptime_seconds());
  if (!reasons.empty()) set(object, "reason", join(reasons));
  return to_document(reasons.empty() ? 200 : 500, object);
}

Document info(const Facts& facts, const std::optional<std::string>& direct_url) {
  const auto object = new_object();
  set(object, "version", facts.version);
  if (facts.tls_port)
    set_number(object, "tls_port", *facts.tls_port);
  else
    json_object_set_null_member(object.get(), "tls_port");
  set_number(object, "audio_port", facts.audio_port);
  set_or_null(object, "host", facts.host);
  set_or_null(object, "direct_url", direct_url.value_or(""));
  return to_document(200, object);
}

Document stream_status(const Facts& facts) {
  auto streams = GPtr<JsonArray>::adopt(json_array_new());
  auto details = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& stream : facts.active_streams) {
    json_array_add_string_element(streams.get(), stream.id.c_str());
    json_array_add_object_element(details.get(), details_of(stream).release());
  }
  auto publishers = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& publisher : facts.publishers)
    json_array_add_object_element(publishers.get(), publisher_of(publisher).release());
  const auto object = new_object();
  json_object_set_array_member(object.get(), "active_streams", streams.release());
  json_object_set_array_member(object.get(), "details", details.release());
  json_object_set_array_member(object.get(), "publishers", publishers.release());
  return to_document(200, object);
}

}  // namespace voicecast
