#include "http/status.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "glib/json.hpp"
#include "http/accept.hpp"

namespace voicecast {
namespace {

constexpr const char* json_type = "application/json; charset=utf-8";
constexpr const char* prometheus_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* openmetrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

using Object = GPtr<JsonObject>;

Object new_object() { return Object::adopt(json_object_new()); }

void set(const Object& object, const char* name, const std::string& value) {
  json_object_set_string_member(object.get(), name, value.c_str());
}

void set_flag(const Object& object, const char* name, bool value) {
  json_object_set_boolean_member(object.get(), name, value);
}

/// json-glib has signed numbers only; a counter of bytes reaches their end after 292 years of 1 GB/s.
void set_number(const Object& object, const char* name, std::uint64_t value) {
  json_object_set_int_member(object.get(), name, static_cast<gint64>(value));
}

std::uint64_t uptime_seconds(const Facts& facts) { return static_cast<std::uint64_t>(facts.uptime.count()); }

Document to_document(unsigned status, const Object& object) {
  const auto root = GPtr<JsonNode>::adopt(json_node_init_object(json_node_alloc(), object.get()));
  const GUnique<char> text(json_to_string(root.get(), FALSE));
  return {status, json_type, text.get()};
}

std::string join(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words) result += (result.empty() ? "" : ", ") + word;
  return result;
}

/// Empty when all is well.
std::vector<std::string> ailments(const Facts& facts) {
  std::vector<std::string> result;
  if (!facts.webrtc_available)
    result.push_back(facts.missing_elements.empty() ? "WebRTC is not available"
                                                    : "missing GStreamer elements: " + join(facts.missing_elements));
  if (!facts.audio_server_running) result.push_back("the audio port is not served");
  return result;
}

/// Of thousands, the slowest are told.
constexpr std::size_t max_lags = 20;

/// The lag of the slowest MP3 listener.
std::chrono::milliseconds largest_lag(const Facts& facts) {
  std::chrono::milliseconds largest{0};
  for (const auto& stream : facts.active_streams)
    for (const auto lag : stream.mp3_lags) largest = std::max(largest, lag);
  return largest;
}

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
  set_number(object, "listeners", stream.webrtc_listeners + stream.mp3_listeners + stream.opus_listeners);
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
  return object;
}

const char* word_for(PushState state) {
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
  set_number(object, "sent_bytes", publisher.sent_bytes);
  set_number(object, "dropped_bytes", publisher.dropped_bytes);
  set_number(object, "failures", publisher.failures);
  if (!publisher.last_error.empty()) set(object, "last_error", publisher.last_error);
  auto pushes = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& push : publisher.pushes) json_array_add_object_element(pushes.get(), push_of(push).release());
  json_object_set_array_member(object.get(), "pushes", pushes.release());
  return object;
}

std::uint64_t live_pushes(const PublisherStatus& publisher) {
  return static_cast<std::uint64_t>(std::ranges::count(publisher.pushes, PushState::live, &PushStatus::state));
}

/// Over all publishers.
template <class F>
std::uint64_t sum(const Facts& facts, F of) {
  std::uint64_t sum = 0;
  for (const auto& publisher : facts.publishers) sum += of(publisher);
  return sum;
}

std::uint64_t published_bytes(const PublisherStatus& publisher) { return publisher.sent_bytes; }
std::uint64_t publish_dropped_bytes(const PublisherStatus& publisher) { return publisher.dropped_bytes; }
std::uint64_t publish_failures(const PublisherStatus& publisher) { return publisher.failures; }

Document metrics_json(const Facts& facts) {
  const auto object = new_object();
  set_number(object, "uptime_seconds", uptime_seconds(facts));
  set_number(object, "active_connections", facts.connected_clients);
  set_number(object, "active_streams", facts.active_streams.size());
  set_number(object, "total_audio_bytes", facts.audio_bytes_received);
  set_flag(object, "webrtc_available", facts.webrtc_available);
  set_number(object, "receivers", facts.receivers);
  set_number(object, "mp3_listeners", facts.mp3_listeners);
  set_number(object, "mp3_encoders", facts.mp3_encoders);
  set_number(object, "streams_total", facts.streams_total);
  set_number(object, "mp3_bytes_sent", facts.mp3_bytes_sent);
  set_number(object, "mp3_lag_max_ms", static_cast<std::uint64_t>(largest_lag(facts).count()));
  set_number(object, "mp3_skips", facts.mp3_skips);
  set_number(object, "mp3_skipped_frames", facts.mp3_skipped_frames);
  set_number(object, "mp3_stalled", facts.mp3_stalled);
  set_number(object, "lost_packets", facts.audio_packets_lost);
  set_number(object, "publishing", sum(facts, live_pushes));
  set_number(object, "published_bytes", sum(facts, published_bytes));
  set_number(object, "publish_dropped_bytes", sum(facts, publish_dropped_bytes));
  set_number(object, "publish_failures", sum(facts, publish_failures));
  json_object_set_double_member(object.get(), "cpu_seconds", facts.cpu_seconds);
  json_object_set_double_member(object.get(), "loop_longest_seconds", facts.loop_rounds.longest_s());
  set(object, "version", facts.version);
  return to_document(200, object);
}

enum class Format { json, prometheus, openmetrics };

/// JSON wins a draw: a browser, curl and axios ("application/json, text/plain, */*") take anything.
Format choose_format(std::string_view accept) {
  // Our names are plain ASCII, so they are right under any escaping; Prometheus 3 asks for this one.
  const double openmetrics = quality_of(accept, std::string(openmetrics_type) + "; escaping=allow-utf-8");
  const double prometheus = quality_of(accept, prometheus_type);
  const double json = quality_of(accept, json_type);
  if (json >= openmetrics && json >= prometheus) return Format::json;
  return openmetrics >= prometheus ? Format::openmetrics : Format::prometheus;
}

enum class Kind { gauge, counter };

/// A counter's name comes without "_total". It must differ from a gauge's even so, or OpenMetrics takes both for one.
struct Metric {
  Kind kind;
  const char* name;
  const char* help;
  std::uint64_t value;
};

auto all_metrics(const Facts& facts) {
  return std::array{
      Metric{Kind::gauge, "voicecast_uptime_seconds", "Time since the server started.", uptime_seconds(facts)},
      Metric{Kind::gauge, "voicecast_webrtc_available", "1 if all that WebRTC needs is installed, else 0.",
             facts.webrtc_available},
      Metric{Kind::gauge, "voicecast_audio_server_running", "1 if the audio port is served, else 0.",
             facts.audio_server_running},
      Metric{Kind::gauge, "voicecast_connections", "Open WebSocket connections.", facts.connected_clients},
      Metric{Kind::gauge, "voicecast_tcp_connections", "Open TCP connections.", facts.tcp_connections},
      Metric{Kind::counter, "voicecast_refused_requests", "Connections and requests that were refused.", facts.refused},
      Metric{Kind::gauge, "voicecast_streams", "Live streams.", facts.active_streams.size()},
      Metric{Kind::gauge, "voicecast_receivers", "WebRTC listeners.", facts.receivers},
      Metric{Kind::gauge, "voicecast_mp3_listeners", "MP3 listeners.", facts.mp3_listeners},
      Metric{Kind::gauge, "voicecast_mp3_encoders", "MP3 encoders at work.", facts.mp3_encoders},
      Metric{Kind::counter, "voicecast_streams_started", "Streams since the server started.", facts.streams_total},
      Metric{Kind::counter, "voicecast_audio_received_bytes", "RTP payload received from senders.",
             facts.audio_bytes_received},
      Metric{Kind::counter, "voicecast_audio_received_packets", "RTP packets received from senders.",
             facts.audio_packets_received},
      Metric{Kind::counter, "voicecast_audio_lost_packets", "RTP packets of senders that never came.",
             facts.audio_packets_lost},
      Metric{Kind::counter, "voicecast_mp3_sent_bytes", "Audio sent to listeners over HTTP.", facts.mp3_bytes_sent},
      Metric{Kind::gauge, "voicecast_mp3_lag_max_milliseconds", "How far the slowest MP3 listener is behind live.",
             static_cast<std::uint64_t>(largest_lag(facts).count())},
      Metric{Kind::counter, "voicecast_mp3_skips", "How often an MP3 listener was brought back to live.",
             facts.mp3_skips},
      Metric{Kind::counter, "voicecast_mp3_skipped_frames", "MP3 frames that slow listeners missed by it.",
             facts.mp3_skipped_frames},
      Metric{Kind::counter, "voicecast_mp3_stalled_listeners", "MP3 listeners dropped, for they took nothing.",
             facts.mp3_stalled},
  };
}

std::string describe(const std::string& family, const char* type, const char* help) {
  return "# HELP " + family + ' ' + help + "\n# TYPE " + family + ' ' + type + '\n';
}

/// The text format describes a counter under its sample's name, OpenMetrics under the name without "_total".
std::string to_text(const Metric& metric, Format format) {
  const std::string name = metric.name;
  const auto sample = metric.kind == Kind::counter ? name + "_total" : name;
  return describe(format == Format::openmetrics ? name : sample, metric.kind == Kind::counter ? "counter" : "gauge",
                  metric.help) +
         sample + ' ' + std::to_string(metric.value) + '\n';
}

std::string number(double value) {
  std::array<char, G_ASCII_DTOSTR_BUF_SIZE> text;
  return g_ascii_formatd(text.data(), static_cast<int>(text.size()), "%.9g", value);
}

std::string to_text(const DurationHistogram& histogram, const std::string& name, const char* help) {
  auto text = describe(name, "histogram", help);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= histogram.bounds_s.size(); ++i) {
    sum += histogram.count(i);
    const auto bound = i < histogram.bounds_s.size() ? number(histogram.bounds_s[i]) : "+Inf";
    text += name + "_bucket{le=\"" + bound + "\"} " + std::to_string(sum) + '\n';
  }
  return text + name + "_sum " + number(histogram.sum_s()) + '\n' + name + "_count " + std::to_string(sum) + '\n';
}

std::string escape_label(std::string_view value) {
  std::string result;
  for (const char c : value) {
    if (c == '\\' || c == '"') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result;
}

std::string build_info(const Facts& facts, Format format) {
  constexpr const char* help = "The version that runs; the value is always 1.";
  const auto head = format == Format::openmetrics ? describe("voicecast_build", "info", help)
                                                  : describe("voicecast_build_info", "gauge", help);
  return head + "voicecast_build_info{version=\"" + escape_label(facts.version) + "\"} 1\n";
}

/// By the name that Prometheus' own clients give it.
std::string cpu_time(const Facts& facts, Format format) {
  const std::string name = "process_cpu_seconds";
  return describe(format == Format::openmetrics ? name : name + "_total", "counter",
                  "User and system CPU time of the process.") +
         name + "_total " + number(facts.cpu_seconds) + '\n';
}

/// One metric of all publishers, each labelled with its name. Nothing without publishers.
std::string by_publisher(const Facts& facts, const Metric& metric, std::uint64_t (*of)(const PublisherStatus&),
                         Format format) {
  if (facts.publishers.empty()) return {};
  const std::string sample = metric.name + std::string(metric.kind == Kind::counter ? "_total" : "");
  auto text = describe(format == Format::openmetrics ? metric.name : sample,
                       metric.kind == Kind::counter ? "counter" : "gauge", metric.help);
  for (const auto& publisher : facts.publishers)
    text += sample + "{publisher=\"" + escape_label(publisher.name) + "\"} " + std::to_string(of(publisher)) + '\n';
  return text;
}

std::string publishing(const Facts& facts, Format format) {
  const auto text = [&](Kind kind, const char* name, const char* help, std::uint64_t (*of)(const PublisherStatus&)) {
    return by_publisher(facts, {kind, name, help, 0}, of, format);
  };
  return text(Kind::gauge, "voicecast_publishing", "Streams that are being pushed or recorded.", live_pushes) +
         text(Kind::counter, "voicecast_published_bytes", "Audio that other servers and files took.", published_bytes) +
         text(Kind::counter, "voicecast_publish_dropped_bytes", "Audio left out while the other side took nothing.",
              publish_dropped_bytes) +
         text(Kind::counter, "voicecast_publish_failures", "Connections and recordings that failed.", publish_failures);
}

Document metrics_text(const Facts& facts, Format format) {
  std::string body = build_info(facts, format);
  for (const auto& metric : all_metrics(facts)) body += to_text(metric, format);
  body += publishing(facts, format);
  body += cpu_time(facts, format);
  body += to_text(facts.join_times, "voicecast_join_seconds", "From start_receiving to a receiver's connection.");
  body += to_text(facts.receptions.loss, "voicecast_receiver_loss_ratio",
                  "Packets that a WebRTC listener lost between two of its reports, of all.");
  body += to_text(facts.receptions.jitter, "voicecast_receiver_jitter_seconds", "Jitter at a WebRTC listener.");
  body += to_text(facts.receptions.round_trip, "voicecast_receiver_round_trip_seconds",
                  "From the server to a WebRTC listener and back.");
  body += to_text(facts.loop_rounds, "voicecast_loop_round_seconds", "How long the main loop kept its events waiting.");
  if (format == Format::openmetrics) return {200, openmetrics_type, body + "# EOF\n"};
  return {200, prometheus_type, std::move(body)};
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
  set_number(object, "uptime_seconds", uptime_seconds(facts));
  if (!reasons.empty()) set(object, "reason", join(reasons));
  return to_document(reasons.empty() ? 200 : 500, object);
}

Document metrics(const Facts& facts, std::string_view accept_header) {
  const auto format = choose_format(accept_header);
  return format == Format::json ? metrics_json(facts) : metrics_text(facts, format);
}

Document info(const Facts& facts) {
  const auto object = new_object();
  set(object, "version", facts.version);
  if (facts.tls_port)
    set_number(object, "tls_port", *facts.tls_port);
  else
    json_object_set_null_member(object.get(), "tls_port");
  set_number(object, "audio_port", facts.audio_port);
  set(object, "host", facts.host);
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
