// SPDX-License-Identifier: MIT
#include "status/status.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <json-glib/json-glib.h>

#include "status/metrics.hpp"

namespace voicecast {
namespace {

constexpr const char* prometheus_2 =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
constexpr const char* prometheus_3 =
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
constexpr const char* json_type = "application/json; charset=utf-8";
constexpr const char* text_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* openmetrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All numbers differ: swapped fields are detected.
Facts busy() {
  Facts facts;
  facts.webrtc_available = true;
  facts.audio_server_running = true;
  facts.active_streams = {
      StreamDetails{.id = "stream_a",
                    .name = "<Ann>",
                    .since = std::chrono::system_clock::time_point(std::chrono::hours(12)),
                    .webrtc_listeners = 23,
                    .mp3_listeners = 29,
                    .opus_listeners = 3,
                    .mp3_lags = {std::chrono::milliseconds(2500), std::chrono::milliseconds(26)},
                    .receptions = {{0.25, 5, std::chrono::milliseconds(2), std::chrono::milliseconds(40)}},
                    .received_bytes = 31,
                    .received_packets = 37,
                    .lost_packets = 41,
                    .is_silent = true},
      StreamDetails{.id = "stream_b"}};
  facts.connected_clients = 5;
  facts.receivers = 7;
  facts.connected_receivers = 4;
  facts.mp3_listeners = {11, {6'000'000'000, 47, 53, 59}};
  facts.opus_listeners = {97, {101, 103, 107, 109}};
  facts.mp3_encoders = 13;
  facts.audio_bytes_received = 5'000'000'000;  // more than 32 bits hold
  facts.audio_packets_received = 17;
  facts.audio_packets_lost = 43;
  facts.packets_unsent = 73;
  facts.cpu_seconds = 1.25;
  facts.decoder_cpu_seconds = 0.25;
  facts.encoder_cpu_seconds = 0.5;
  facts.audio_port = 8081;
  facts.tls_port = 8443;
  facts.host = "pi";
  facts.publishers = {PublisherStatus{.name = "relay",
                                      .stream = "latest",
                                      .url = "icecast://radio:8000/a.mp3",
                                      .sent_bytes = 47,
                                      .dropped_bytes = 53,
                                      .failures = 59,
                                      .last_error = "gone",
                                      .pushes = {{"stream_b", "icecast://radio:8000/a.mp3", PushState::live, 61}}},
                      PublisherStatus{.name = "attic",
                                      .stream = "all",
                                      .url = "file:///a/{id}-{time}.opus",
                                      .sent_bytes = 67,
                                      .error = "no",
                                      .pushes = {{"stream_a", "file:///a/b.opus", PushState::failed, 71, "full"}}}};
  facts.streams_total = 19;
  for (std::size_t i = 0; i < refusal_reason_count; ++i) facts.refusals.add(static_cast<RefusalReason>(i), 300 + i);
  for (std::size_t i = 0; i < drop_reason_count; ++i) facts.packets_dropped[i] = 400 + i;
  facts.uptime = std::chrono::seconds(3600);
  facts.version = "1.2.3";
  return facts;
}

/// The JSON of a document, with look-ups that fail for a missing field or one of another type.
class Json {
 public:
  explicit Json(const Document& document) : root_(json_from_string(document.body.c_str(), nullptr)) {
    EXPECT_TRUE(root_ && JSON_NODE_HOLDS_OBJECT(root_)) << document.body;
    EXPECT_EQ(document.content_type, json_type);
  }
  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;
  ~Json() { json_node_unref(root_); }

  std::int64_t number(const char* name) const {
    JsonNode* node = member(name, G_TYPE_INT64);
    return node ? json_node_get_int(node) : -1;
  }
  bool flag(const char* name) const {
    JsonNode* node = member(name, G_TYPE_BOOLEAN);
    return node && json_node_get_boolean(node);
  }
  std::string text(const char* name) const {
    JsonNode* node = member(name, G_TYPE_STRING);
    return node ? json_node_get_string(node) : "";
  }
  std::set<std::string> names() const {
    std::set<std::string> result;
    GList* members = json_object_get_members(json_node_get_object(root_));
    for (const GList* i = members; i; i = i->next) result.insert(static_cast<const char*>(i->data));
    g_list_free(members);
    return result;
  }

 private:
  JsonNode* member(const char* name, GType type) const {
    JsonNode* node = json_object_get_member(json_node_get_object(root_), name);
    EXPECT_TRUE(node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type) << name;
    return node;
  }
  JsonNode* root_;
};

TEST(Health, MatchesTheReference) {
  const auto document = health(busy());
  EXPECT_EQ(document.status, 200u);
  const Json json(document);
  EXPECT_EQ(json.names(), (std::set<std::string>{"status", "webrtc_available", "audio_server_running", "active_streams",
                                                 "connected_clients", "uptime_seconds"}));
  EXPECT_EQ(json.text("status"), "healthy");
  EXPECT_TRUE(json.flag("webrtc_available"));
  EXPECT_TRUE(json.flag("audio_server_running"));
  EXPECT_EQ(json.number("active_streams"), 2);
  EXPECT_EQ(json.number("connected_clients"), 5);
  EXPECT_EQ(json.number("uptime_seconds"), 3600);
}

TEST(Health, NamesMissingElementsAndTheirPackages) {
  auto facts = busy();
  facts.webrtc_available = false;
  facts.missing_elements = {"webrtcbin (gstreamer1.0-plugins-bad)", "nicesrc (gstreamer1.0-nice)"};
  const auto document = health(facts);
  EXPECT_EQ(document.status, 500u);
  const Json json(document);
  EXPECT_EQ(json.text("status"), "unhealthy");
  EXPECT_FALSE(json.flag("webrtc_available"));
  EXPECT_TRUE(json.flag("audio_server_running"));
  EXPECT_EQ(json.text("reason"),
            "missing GStreamer elements: webrtcbin (gstreamer1.0-plugins-bad), nicesrc (gstreamer1.0-nice)");
}

TEST(Health, NamesTheAudioPort) {
  auto facts = busy();
  facts.audio_server_running = false;
  const auto document = health(facts);
  EXPECT_EQ(document.status, 500u);
  const Json json(document);
  EXPECT_EQ(json.text("status"), "unhealthy");
  EXPECT_FALSE(json.flag("audio_server_running"));
  EXPECT_EQ(json.text("reason"), "the audio port is not listening");
}

TEST(Health, NamesAllReasons) {
  const auto document = health(Facts{});
  EXPECT_EQ(document.status, 500u);
  EXPECT_EQ(Json(document).text("reason"), "WebRTC is not available, the audio port is not listening");
}

TEST(Metrics, ContainTheReferencesFields) {
  const auto document = metrics(busy(), "");
  EXPECT_EQ(document.status, 200u);
  const Json json(document);
  EXPECT_EQ(json.number("uptime_seconds"), 3600);
  EXPECT_EQ(json.number("active_connections"), 5);
  EXPECT_EQ(json.number("active_streams"), 2);
  EXPECT_EQ(json.number("total_audio_bytes"), 5'000'000'000);
  EXPECT_TRUE(json.flag("webrtc_available"));
  EXPECT_EQ(json.number("receivers"), 7);
  EXPECT_EQ(json.number("connected_receivers"), 4);
  EXPECT_EQ(json.number("mp3_listeners"), 11);
  EXPECT_EQ(json.number("opus_listeners"), 97);
  EXPECT_EQ(json.number("mp3_encoders"), 13);
  EXPECT_EQ(json.number("streams_total"), 19);
  EXPECT_EQ(json.number("mp3_bytes_sent"), 6'000'000'000);
  EXPECT_EQ(json.number("opus_bytes_sent"), 101);
  EXPECT_EQ(json.number("lost_packets"), 43);
  EXPECT_EQ(json.number("unsent_packets"), 73);
  EXPECT_EQ(json.number("publishing"), 1);
  EXPECT_EQ(json.number("published_bytes"), 114);
  EXPECT_EQ(json.number("publish_dropped_bytes"), 53);
  EXPECT_EQ(json.number("publish_failures"), 59);
  EXPECT_EQ(json.number("mp3_lag_max_ms"), 2500);
  EXPECT_EQ(json.number("mp3_skips"), 47);
  EXPECT_EQ(json.number("mp3_skipped_frames"), 53);
  EXPECT_EQ(json.number("mp3_stalled"), 59);
  EXPECT_NE(document.body.find("\"cpu_seconds\":1.25"), std::string::npos);
  EXPECT_NE(document.body.find("\"encoder_cpu_seconds\":0.75"), std::string::npos);
  EXPECT_NE(document.body.find(R"("refused":{"connections":300,"tls":301,)"), std::string::npos) << document.body;
  EXPECT_NE(document.body.find(R"("dropped_packets":{"malformed":400,"oversized":401,)"), std::string::npos);
  EXPECT_EQ(json.text("version"), "1.2.3");
}

TEST(Info, NamesThePorts) {
  EXPECT_EQ(info(busy(), "http://pi:8080/").body,
            R"({"version":"1.2.3","tls_port":8443,"audio_port":8081,"host":"pi","direct_url":"http://pi:8080/"})");
  EXPECT_EQ(info(Facts{}, {}).body, R"({"version":"","tls_port":null,"audio_port":0,"host":null,"direct_url":null})");
}

struct FormatCase {
  const char* accept;
  const char* content_type;
};

class MetricsFor : public testing::TestWithParam<FormatCase> {};

TEST_P(MetricsFor, HaveTheType) {
  EXPECT_EQ(metrics(busy(), GetParam().accept).content_type, GetParam().content_type) << GetParam().accept;
}

INSTANTIATE_TEST_SUITE_P(
    Clients, MetricsFor,
    testing::Values(FormatCase{"", json_type}, FormatCase{"*/*", json_type}, FormatCase{"application/json", json_type},
                    FormatCase{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", json_type},
                    FormatCase{"application/json, text/plain, */*", json_type},  // axios
                    FormatCase{"text/plain;q=0.5,application/json", json_type}, FormatCase{"image/png", json_type},
                    FormatCase{"garbage", json_type}, FormatCase{"text/plain", text_type},
                    FormatCase{"text/plain;version=0.0.4", text_type}, FormatCase{"text/plain;version=9", json_type},
                    FormatCase{"text/plain, */*;q=0.9", text_type},
                    FormatCase{"text/plain;version=0.0.4;q=0.5,*/*;q=0.1", text_type},
                    FormatCase{"application/openmetrics-text", openmetrics_type},
                    FormatCase{"text/plain,application/openmetrics-text", openmetrics_type},
                    FormatCase{"text/plain,application/openmetrics-text;q=0.9", text_type},
                    FormatCase{"application/openmetrics-text;version=0.0.1,text/plain;q=0.5", text_type},
                    FormatCase{prometheus_2, openmetrics_type}, FormatCase{prometheus_3, openmetrics_type}));

std::string prometheus_text() { return metrics(busy(), "text/plain").body; }
std::string openmetrics_text() { return metrics(busy(), "application/openmetrics-text").body; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class SampleOf : public testing::TestWithParam<const char*> {};

TEST_P(SampleOf, IsInBothTexts) {
  const std::string line = '\n' + std::string(GetParam()) + '\n';
  EXPECT_TRUE(has(prometheus_text(), line)) << prometheus_text();
  EXPECT_TRUE(has(openmetrics_text(), line)) << openmetrics_text();
}

INSTANTIATE_TEST_SUITE_P(
    Metrics, SampleOf,
    testing::Values(
        "voicecast_build_info{version=\"1.2.3\"} 1", "voicecast_uptime_seconds 3600", "voicecast_webrtc_available 1",
        "voicecast_audio_server_running 1", "voicecast_connections 5", "voicecast_streams 2",
        "voicecast_receivers{state=\"connecting\"} 3", "voicecast_receivers{state=\"connected\"} 4",
        "voicecast_listeners{format=\"mp3\"} 11", "voicecast_listeners{format=\"opus\"} 97",
        "voicecast_mp3_encoders 13", "voicecast_streams_started_total 19",
        "voicecast_audio_received_bytes_total 5000000000", "voicecast_audio_received_packets_total 17",
        "voicecast_packets_unsent_total 73", "voicecast_listener_sent_bytes_total{format=\"mp3\"} 6000000000",
        "voicecast_listener_sent_bytes_total{format=\"opus\"} 101", "voicecast_mp3_lag_max_seconds 2.5",
        "voicecast_listener_skips_total{format=\"mp3\"} 47", "voicecast_listener_skips_total{format=\"opus\"} 103",
        "voicecast_listener_skipped_frames_total{format=\"mp3\"} 53",
        "voicecast_listener_skipped_frames_total{format=\"opus\"} 107",
        "voicecast_stalled_listeners_total{format=\"mp3\"} 59",
        "voicecast_stalled_listeners_total{format=\"opus\"} 109",
        "voicecast_encoder_cpu_seconds_total{step=\"decode\"} 0.25",
        "voicecast_encoder_cpu_seconds_total{step=\"encode\"} 0.5", "process_cpu_seconds_total 1.25",
        "voicecast_publishing{publisher=\"relay\"} 1", "voicecast_publishing{publisher=\"attic\"} 0",
        "voicecast_published_bytes_total{publisher=\"attic\"} 67",
        "voicecast_publish_dropped_bytes_total{publisher=\"relay\"} 53",
        "voicecast_publish_failures_total{publisher=\"relay\"} 59", "voicecast_publish_failed{publisher=\"relay\"} 0",
        "voicecast_publish_failed{publisher=\"attic\"} 1",
        "voicecast_publish_pushes{publisher=\"relay\",state=\"live\"} 1",
        "voicecast_publish_pushes{publisher=\"relay\",state=\"waiting\"} 0",
        "voicecast_publish_pushes{publisher=\"attic\",state=\"failed\"} 1",
        "voicecast_refused_requests_total{reason=\"connections\"} 300",
        "voicecast_refused_requests_total{reason=\"rate\"} 305",
        "voicecast_refused_requests_total{reason=\"origin\"} 306",
        "voicecast_refused_requests_total{reason=\"token\"} 307",
        "voicecast_refused_requests_total{reason=\"media\"} 315",
        "voicecast_dropped_packets_total{reason=\"malformed\"} 400",
        "voicecast_dropped_packets_total{reason=\"feedback\"} 408"));

TEST(PrometheusText, DescribesASampleByItsName) {
  const auto text = prometheus_text();
  EXPECT_TRUE(has(text, "# TYPE voicecast_streams_started_total counter\nvoicecast_streams_started_total 19\n"));
  EXPECT_TRUE(has(text, "# TYPE voicecast_streams gauge\nvoicecast_streams 2\n"));
  EXPECT_TRUE(has(text, "# TYPE voicecast_build_info gauge\nvoicecast_build_info{"));
  EXPECT_FALSE(has(text, "# EOF"));
}

TEST(OpenMetrics, DescribesCounterWithoutSuffix) {
  const auto text = openmetrics_text();
  EXPECT_TRUE(has(text, "# TYPE voicecast_streams_started counter\nvoicecast_streams_started_total 19\n"));
  EXPECT_TRUE(has(text, "# TYPE voicecast_streams gauge\nvoicecast_streams 2\n"));
  EXPECT_TRUE(has(text, "# TYPE voicecast_build info\nvoicecast_build_info{"));
  EXPECT_EQ(text.substr(text.size() - 7), "\n# EOF\n");
}

/// The names of the metrics. Each metric consists of # HELP, # TYPE of the same name, and samples whose names begin
/// with it.
std::set<std::string> families_in(const std::string& text) {
  std::istringstream lines(text);
  std::set<std::string> families;
  for (std::string help, type, sample; std::getline(lines, help) && help != "# EOF";) {
    std::getline(lines, type);
    const auto family = help.substr(7, help.find(' ', 7) - 7);
    EXPECT_EQ(help.substr(0, 7), "# HELP ");
    EXPECT_GT(help.size(), 7 + family.size() + 1) << help;
    EXPECT_EQ(type.substr(0, 7 + family.size() + 1), "# TYPE " + family + ' ');
    do {
      std::getline(lines, sample);
      EXPECT_EQ(sample.substr(0, family.size()), family);
    } while (lines.peek() != '#' && !lines.eof());
    EXPECT_TRUE(families.insert(family).second) << family << " is there twice";
  }
  return families;
}

/// OpenMetrics names a counter, or an info, without the suffix of its samples.
std::string without_suffix(const std::string& name) {
  for (const std::string suffix : {"_total", "_info"})
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  return name;
}

TEST(OpenMetrics, HasTheSameMetrics) {
  std::set<std::string> names;
  for (const auto& name : families_in(prometheus_text())) names.insert(without_suffix(name));
  EXPECT_EQ(families_in(openmetrics_text()), names);
}

/// The names in backquotes in the first column of the table of metrics.
std::set<std::string> documented_metrics() {
  std::ifstream file(VOICECAST_SOURCE_DIR "/docs/monitoring.md");
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    const auto column = line.starts_with("| `") ? line.substr(0, line.find(" | ")) : "";
    const std::regex metric("`((?:voicecast|process)_[a-z0-9_]+)`");
    for (std::sregex_iterator at(column.begin(), column.end(), metric), end; at != end; ++at) names.insert((*at)[1]);
  }
  return names;
}

TEST(PrometheusText, IsDocumented) { EXPECT_EQ(families_in(prometheus_text()), documented_metrics()); }

TEST(PrometheusText, HasZeroSamples) {
  const auto text = metrics(Facts{}, "text/plain").body;
  EXPECT_TRUE(has(text, "\nvoicecast_webrtc_available 0\n"));
  EXPECT_TRUE(has(text, "\nvoicecast_audio_server_running 0\n"));
}

TEST(PrometheusText, EscapesALabel) {
  Facts facts;
  facts.version = "a\\b\"c\nd";
  EXPECT_TRUE(has(metrics(facts, "text/plain").body, "{version=\"a\\\\b\\\"c\\nd\"} 1\n"));
}

TEST(StreamStatus, ListsIdsOldestFirst) {
  const auto document = stream_status(busy());
  EXPECT_EQ(document.status, 200u);
  EXPECT_EQ(document.content_type, json_type);
  EXPECT_EQ(
      document.body,
      R"({"active_streams":["stream_a","stream_b"],"details":[)"
      R"({"id":"stream_a","name":"<Ann>","since":43200,"listeners":55,"webrtc_listeners":23,"mp3_listeners":29,)"
      R"("opus_listeners":3,"mp3_lags_ms":[2500,26],)"
      R"("receivers":[{"loss":0.25,"lost_packets":5,"jitter_ms":2.0,"round_trip_ms":40.0}],)"
      R"("received_bytes":31,"received_packets":37,"lost_packets":41,"silent":true},)"
      R"({"id":"stream_b","name":"","since":0,"listeners":0,"webrtc_listeners":0,"mp3_listeners":0,)"
      R"("opus_listeners":0,"mp3_lags_ms":[],"receivers":[],)"
      R"("received_bytes":0,"received_packets":0,"lost_packets":0,"silent":false}],"publishers":[)"
      R"({"name":"relay","stream":"latest","url":"icecast://radio:8000/a.mp3","state":"ready","sent_bytes":47,)"
      R"("dropped_bytes":53,"failures":59,"last_error":"gone","pushes":[{"stream_id":"stream_b",)"
      R"("url":"icecast://radio:8000/a.mp3","state":"live","sent_bytes":61}]},)"
      R"({"name":"attic","stream":"all","url":"file:///a/{id}-{time}.opus","state":"failed","error":"no","sent_bytes":67,)"
      R"("dropped_bytes":0,"failures":0,"pushes":[{"stream_id":"stream_a","url":"file:///a/b.opus",)"
      R"("state":"failed","sent_bytes":71,"error":"full"}]}]})");
}

TEST(StreamStatus, IsAnEmptyListWithoutStreams) {
  EXPECT_EQ(stream_status(Facts{}).body, R"({"active_streams":[],"details":[],"publishers":[]})");
}

TEST(Histogram, CountsAtAndBeyondBounds) {
  Histogram histogram;
  histogram.observe(std::chrono::milliseconds(10));
  histogram.observe(std::chrono::milliseconds(11));
  histogram.observe(std::chrono::seconds(60));
  EXPECT_EQ(histogram.count(0), 1U);
  EXPECT_EQ(histogram.count(1), 1U);
  EXPECT_EQ(histogram.count(Histogram().bounds.size()), 1U);
  EXPECT_DOUBLE_EQ(histogram.sum(), 60.021);
}

TEST(Metrics, HaveJoinTimes) {
  Facts facts;
  facts.join_times.observe(std::chrono::milliseconds(30));
  facts.join_times.observe(std::chrono::milliseconds(400));
  const auto text = metrics(facts, "text/plain").body;
  for (const auto* line :
       {"# TYPE voicecast_join_seconds histogram\n", "voicecast_join_seconds_bucket{le=\"0.025\"} 0\n",
        "voicecast_join_seconds_bucket{le=\"0.05\"} 1\n", "voicecast_join_seconds_bucket{le=\"+Inf\"} 2\n",
        "voicecast_join_seconds_sum 0.43\n", "voicecast_join_seconds_count 2\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

}  // namespace
}  // namespace voicecast
