// SPDX-License-Identifier: MIT
#include "status/metrics_text.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <vector>

namespace voicecast {
namespace {

enum class Kind { gauge, counter };

struct Sample {
  std::string labels;  ///< with braces; may be empty
  std::string value;
};

/// A counter's name excludes "_total"; it must differ from every gauge's name, as OpenMetrics does not tell them apart.
/// Labels have a few fixed values; no client input becomes one.
struct Metric {
  Kind kind;
  std::string name;
  const char* help;
  std::vector<Sample> samples;
};

std::string number(double value) {
  std::array<char, G_ASCII_DTOSTR_BUF_SIZE> text;
  return g_ascii_formatd(text.data(), static_cast<int>(text.size()), "%.9g", value);
}

Metric single(Kind kind, const char* name, const char* help, std::uint64_t value) {
  return {kind, name, help, {{"", std::to_string(value)}}};
}

Metric single(Kind kind, const char* name, const char* help, double value) {
  return {kind, name, help, {{"", number(value)}}};
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

std::string label(std::string_view name, std::string_view value) {
  return '{' + std::string(name) + "=\"" + escape_label(value) + "\"}";
}

std::string labels(std::string_view name, std::string_view value, std::string_view name2, std::string_view value2) {
  auto first = label(name, value);
  first.back() = ',';
  return first + label(name2, value2).substr(1);
}

std::string describe(const std::string& family, const char* type, const char* help) {
  return "# HELP " + family + ' ' + help + "\n# TYPE " + family + ' ' + type + '\n';
}

/// The Prometheus format describes a counter by its samples' name, OpenMetrics by the name without "_total".
std::string to_text(const Metric& metric, TextFormat format) {
  const bool is_counter = metric.kind == Kind::counter;
  const auto name = is_counter ? metric.name + "_total" : metric.name;
  auto text =
      describe(format == TextFormat::openmetrics ? metric.name : name, is_counter ? "counter" : "gauge", metric.help);
  for (const auto& sample : metric.samples) text += name + sample.labels + ' ' + sample.value + '\n';
  return text;
}

std::string to_text(const Histogram& histogram, const std::string& name, const char* help) {
  auto text = describe(name, "histogram", help);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= histogram.bounds.size(); ++i) {
    sum += histogram.count(i);
    const auto bound = i < histogram.bounds.size() ? number(histogram.bounds[i]) : "+Inf";
    text += name + "_bucket" + label("le", bound) + ' ' + std::to_string(sum) + '\n';
  }
  return text + name + "_sum " + number(histogram.sum()) + '\n' + name + "_count " + std::to_string(sum) + '\n';
}

std::string build_info(const Facts& facts, TextFormat format) {
  constexpr const char* help = "The running version; the value is always 1.";
  const auto head = format == TextFormat::openmetrics ? describe("voicecast_build", "info", help)
                                                      : describe("voicecast_build_info", "gauge", help);
  return head + "voicecast_build_info" + label("version", facts.version) + " 1\n";
}

std::vector<Metric> of_the_server(const Facts& facts) {
  return {
      single(Kind::gauge, "voicecast_uptime_seconds", "Time since the server started.", facts.uptime_seconds()),
      single(Kind::gauge, "voicecast_webrtc_available", "1 if everything that WebRTC needs is installed, else 0.",
             std::uint64_t{facts.webrtc_available}),
      single(Kind::gauge, "voicecast_audio_server_running", "1 if the audio port is listening, else 0.",
             std::uint64_t{facts.audio_server_running}),
      single(Kind::gauge, "voicecast_connections", "Open WebSocket connections.",
             std::uint64_t{facts.connected_clients}),
      single(Kind::gauge, "voicecast_tcp_connections", "Open TCP connections.", std::uint64_t{facts.tcp_connections}),
      // The name that Prometheus' client libraries use.
      single(Kind::counter, "process_cpu_seconds", "User and system CPU time of the process.", facts.cpu_seconds),
  };
}

std::vector<Metric> of_streams(const Facts& facts) {
  return {
      single(Kind::gauge, "voicecast_streams", "Live streams.", std::uint64_t{facts.active_streams.size()}),
      single(Kind::counter, "voicecast_streams_started", "Streams since the server started.", facts.streams_total),
      single(Kind::counter, "voicecast_audio_received_bytes", "RTP payload received from senders.",
             facts.audio_bytes_received),
      single(Kind::counter, "voicecast_audio_received_packets", "RTP packets received from senders.",
             facts.audio_packets_received),
      single(Kind::counter, "voicecast_audio_lost_packets", "RTP packets of senders that were lost.",
             facts.audio_packets_lost),
      single(Kind::gauge, "voicecast_mp3_encoders", "Running MP3 encoders.", std::uint64_t{facts.mp3_encoders}),
      {Kind::counter,
       "voicecast_encoder_cpu_seconds",
       "CPU time of the MP3 threads, by task.",
       {{label("step", "decode"), number(facts.decoder_cpu_seconds)},
        {label("step", "encode"), number(facts.encoder_cpu_seconds)}}},
  };
}

/// Every state and format has a sample, also at 0, for alerts.
Metric receivers(const Facts& facts) {
  return {Kind::gauge,
          "voicecast_receivers",
          "WebRTC listeners, by connection state.",
          {{label("state", "connecting"), std::to_string(facts.receivers - facts.connected_receivers)},
           {label("state", "connected"), std::to_string(facts.connected_receivers)}}};
}

template <class F>
Metric by_format(const Facts& facts, Kind kind, const char* name, const char* help, F of) {
  return {kind,
          name,
          help,
          {{label("format", "mp3"), std::to_string(of(facts.mp3_listeners))},
           {label("format", "opus"), std::to_string(of(facts.opus_listeners))}}};
}

std::vector<Metric> of_listeners(const Facts& facts) {
  using L = ListenerFacts;
  return {
      receivers(facts),
      single(Kind::counter, "voicecast_packets_unsent", "Packets to WebRTC listeners that the socket refused.",
             facts.packets_unsent),
      by_format(facts, Kind::gauge, "voicecast_listeners", "HTTP listeners.",
                [](const L& listeners) { return listeners.count; }),
      by_format(facts, Kind::counter, "voicecast_listener_sent_bytes", "Audio sent to HTTP listeners.",
                [](const L& listeners) { return listeners.counters.bytes_sent; }),
      by_format(facts, Kind::counter, "voicecast_listener_skips", "Skips of late HTTP listeners to live.",
                [](const L& listeners) { return listeners.counters.skips; }),
      by_format(facts, Kind::counter, "voicecast_listener_skipped_frames",
                "MP3 frames or Ogg pages lost by these skips.",
                [](const L& listeners) { return listeners.counters.skipped_frames; }),
      by_format(facts, Kind::counter, "voicecast_stalled_listeners",
                "HTTP listeners disconnected because they read nothing.",
                [](const L& listeners) { return listeners.counters.stalled; }),
      single(Kind::gauge, "voicecast_mp3_lag_max_seconds", "The lag of the slowest MP3 listener.",
             std::chrono::duration<double>(facts.largest_lag()).count()),
  };
}

Metric refused(const Facts& facts) {
  Metric metric{Kind::counter, "voicecast_refused_requests", "Refused connections, requests and peers, by reason.", {}};
  for (std::size_t i = 0; i < refusal_words.size(); ++i)
    metric.samples.push_back(
        {label("reason", refusal_words[i]), std::to_string(facts.refusals.of(static_cast<RefusalReason>(i)))});
  return metric;
}

Metric dropped(const Facts& facts) {
  Metric metric{Kind::counter,
                "voicecast_dropped_packets",
                "Packets to the WebRTC port or from peers that were dropped, by reason.",
                {}};
  for (std::size_t i = 0; i < drop_words.size(); ++i)
    metric.samples.push_back({label("reason", drop_words[i]), std::to_string(facts.packets_dropped[i])});
  return metric;
}

template <class F>
Metric by_publisher(const Facts& facts, Kind kind, const char* name, const char* help, F of) {
  Metric metric{kind, name, help, {}};
  for (const auto& publisher : facts.publishers)
    metric.samples.push_back({label("publisher", publisher.name), std::to_string(of(publisher))});
  return metric;
}

/// The streams of each publisher by state: every state, also at 0, for alerts.
Metric pushes(const Facts& facts) {
  Metric metric{Kind::gauge, "voicecast_publish_pushes", "Streams to be pushed or recorded, by state.", {}};
  for (const auto& publisher : facts.publishers)
    for (const auto state : all_push_states)
      metric.samples.push_back({labels("publisher", publisher.name, "state", word_for(state)),
                                std::to_string(std::ranges::count(publisher.pushes, state, &PushStatus::state))});
  return metric;
}

/// Empty without publishers.
std::vector<Metric> of_publishers(const Facts& facts) {
  using P = PublisherStatus;
  if (facts.publishers.empty()) return {};
  return {
      by_publisher(facts, Kind::gauge, "voicecast_publishing", "Streams being pushed or recorded.", live_pushes),
      by_publisher(facts, Kind::counter, "voicecast_published_bytes", "Audio written to other servers and files.",
                   [](const P& publisher) { return publisher.sent_bytes; }),
      by_publisher(facts, Kind::counter, "voicecast_publish_dropped_bytes",
                   "Audio dropped while the target accepted nothing.",
                   [](const P& publisher) { return publisher.dropped_bytes; }),
      by_publisher(facts, Kind::counter, "voicecast_publish_failures", "Failed connections and recordings.",
                   [](const P& publisher) { return publisher.failures; }),
      by_publisher(facts, Kind::gauge, "voicecast_publish_failed",
                   "1 if a publisher cannot work, for example because its directory is missing, else 0.",
                   [](const P& publisher) { return publisher.error.empty() ? 0 : 1; }),
      pushes(facts),
  };
}

std::string histograms(const Facts& facts) {
  return to_text(facts.join_times, "voicecast_join_seconds",
                 "Time from a WebRTC listener's request to its connection.") +
         to_text(facts.receptions.loss, "voicecast_receiver_loss_ratio",
                 "The fraction of packets that a WebRTC listener lost between two reports.") +
         to_text(facts.receptions.jitter, "voicecast_receiver_jitter_seconds", "Jitter at a WebRTC listener.") +
         to_text(facts.receptions.round_trip, "voicecast_receiver_round_trip_seconds",
                 "Round-trip time between the server and a WebRTC listener.") +
         to_text(facts.loop_rounds, "voicecast_loop_round_seconds", "Delays of events in the main loop.");
}

}  // namespace

std::string metrics_text(const Facts& facts, TextFormat format) {
  auto body = build_info(facts, format);
  for (const auto& metrics : {of_the_server(facts), of_streams(facts), of_listeners(facts), of_publishers(facts)})
    for (const auto& metric : metrics) body += to_text(metric, format);
  body += to_text(refused(facts), format);
  body += to_text(dropped(facts), format);
  body += histograms(facts);
  if (format == TextFormat::openmetrics) body += "# EOF\n";
  return body;
}

}  // namespace voicecast
