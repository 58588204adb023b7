#include "http/metrics_text.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace voicecast {
namespace {

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
      Metric{Kind::gauge, "voicecast_uptime_seconds", "Time since the server started.", facts.uptime_seconds()},
      Metric{Kind::gauge, "voicecast_webrtc_available", "1 if all that WebRTC needs is installed, else 0.",
             facts.webrtc_available},
      Metric{Kind::gauge, "voicecast_audio_server_running", "1 if the audio port is served, else 0.",
             facts.audio_server_running},
      Metric{Kind::gauge, "voicecast_connections", "Open WebSocket connections.", facts.connected_clients},
      Metric{Kind::gauge, "voicecast_tcp_connections", "Open TCP connections.", facts.tcp_connections},
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
std::string to_text(const Metric& metric, TextFormat format) {
  const std::string name = metric.name;
  const auto sample = metric.kind == Kind::counter ? name + "_total" : name;
  return describe(format == TextFormat::openmetrics ? name : sample, metric.kind == Kind::counter ? "counter" : "gauge",
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

std::string build_info(const Facts& facts, TextFormat format) {
  constexpr const char* help = "The version that runs; the value is always 1.";
  const auto head = format == TextFormat::openmetrics ? describe("voicecast_build", "info", help)
                                                      : describe("voicecast_build_info", "gauge", help);
  return head + "voicecast_build_info{version=\"" + escape_label(facts.version) + "\"} 1\n";
}

/// By the name that Prometheus' own clients give it.
std::string cpu_time(const Facts& facts, TextFormat format) {
  const std::string name = "process_cpu_seconds";
  return describe(format == TextFormat::openmetrics ? name : name + "_total", "counter",
                  "User and system CPU time of the process.") +
         name + "_total " + number(facts.cpu_seconds) + '\n';
}

std::uint64_t published_bytes(const PublisherStatus& publisher) { return publisher.sent_bytes; }
std::uint64_t publish_dropped_bytes(const PublisherStatus& publisher) { return publisher.dropped_bytes; }
std::uint64_t publish_failures(const PublisherStatus& publisher) { return publisher.failures; }

/// One metric of all publishers, each labelled with its name. Nothing without publishers.
std::string by_publisher(const Facts& facts, const Metric& metric, std::uint64_t (*of)(const PublisherStatus&),
                         TextFormat format) {
  if (facts.publishers.empty()) return {};
  const std::string sample = metric.name + std::string(metric.kind == Kind::counter ? "_total" : "");
  auto text = describe(format == TextFormat::openmetrics ? metric.name : sample,
                       metric.kind == Kind::counter ? "counter" : "gauge", metric.help);
  for (const auto& publisher : facts.publishers)
    text += sample + "{publisher=\"" + escape_label(publisher.name) + "\"} " + std::to_string(of(publisher)) + '\n';
  return text;
}

std::string publishing(const Facts& facts, TextFormat format) {
  const auto text = [&](Kind kind, const char* name, const char* help, std::uint64_t (*of)(const PublisherStatus&)) {
    return by_publisher(facts, {kind, name, help, 0}, of, format);
  };
  return text(Kind::gauge, "voicecast_publishing", "Streams that are being pushed or recorded.", live_pushes) +
         text(Kind::counter, "voicecast_published_bytes", "Audio that other servers and files took.", published_bytes) +
         text(Kind::counter, "voicecast_publish_dropped_bytes", "Audio left out while the other side took nothing.",
              publish_dropped_bytes) +
         text(Kind::counter, "voicecast_publish_failures", "Connections and recordings that failed.", publish_failures);
}

/// How the streams of each publisher fare: a gauge for every state, so that an alert sees those that are 0.
std::string pushes(const Facts& facts) {
  if (facts.publishers.empty()) return {};
  const std::string name = "voicecast_publish_pushes";
  auto text = describe(name, "gauge", "Streams that are to be pushed or recorded, by state.");
  for (const auto& publisher : facts.publishers)
    for (const auto state : all_push_states) {
      const auto count = std::ranges::count(publisher.pushes, state, &PushStatus::state);
      text += name + "{publisher=\"" + escape_label(publisher.name) + "\",state=\"" + word_for(state) + "\"} " +
              std::to_string(count) + '\n';
    }
  return text;
}

std::string refused(const Facts& facts, TextFormat format) {
  const std::string name = "voicecast_refused_requests";
  auto text = describe(format == TextFormat::openmetrics ? name : name + "_total", "counter",
                       "Connections and requests that were refused, by reason.");
  const auto line = [&](const char* reason, std::uint64_t count) {
    text += name + "_total{reason=\"" + reason + "\"} " + std::to_string(count) + '\n';
  };
  line("connections", facts.refused.connections);
  line("rate", facts.refused.rate);
  line("origin", facts.refused.origin);
  line("token", facts.refused.token);
  return text;
}

std::string lag(const Facts& facts) {
  const std::string name = "voicecast_mp3_lag_max_seconds";
  return describe(name, "gauge", "How far the slowest MP3 listener is behind live.") + name + ' ' +
         number(std::chrono::duration<double>(facts.largest_lag()).count()) + '\n';
}

}  // namespace

std::string metrics_text(const Facts& facts, TextFormat format) {
  std::string body = build_info(facts, format);
  for (const auto& metric : all_metrics(facts)) body += to_text(metric, format);
  body += publishing(facts, format);
  body += pushes(facts);
  body += refused(facts, format);
  body += lag(facts);
  body += cpu_time(facts, format);
  body += to_text(facts.join_times, "voicecast_join_seconds", "From start_receiving to a receiver's connection.");
  body += to_text(facts.receptions.loss, "voicecast_receiver_loss_ratio",
                  "Packets that a WebRTC listener lost between two of its reports, of all.");
  body += to_text(facts.receptions.jitter, "voicecast_receiver_jitter_seconds", "Jitter at a WebRTC listener.");
  body += to_text(facts.receptions.round_trip, "voicecast_receiver_round_trip_seconds",
                  "From the server to a WebRTC listener and back.");
  body += to_text(facts.loop_rounds, "voicecast_loop_round_seconds", "How long the main loop kept its events waiting.");
  if (format == TextFormat::openmetrics) body += "# EOF\n";
  return body;
}

}  // namespace voicecast
