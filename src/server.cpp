#include "server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "access/descriptors.hpp"
#include "access/names.hpp"
#include "glib/log.hpp"
#include "http/put_target.hpp"
#include "media/elements.hpp"
#include "media/ice_port.hpp"
#include "media/media_limit.hpp"
#include "media/publish_sinks.hpp"
#include "reload.hpp"

namespace voicecast {
namespace {

Result<MediaConfig> media_config(const Config& config, PipelineTexts texts) {
  MediaConfig media{config.ice_config, std::move(texts), config.mp3_bitrate_kbps, config.egress == Egress::fanout,
                    config.limits.packets_per_second};
  auto tunnels = open_tunnels(media.ice);
  if (!tunnels) return tunnels.error();
  media.tunnels = std::move(*tunnels);
  if (config.ice == IceMode::full) return media;
  auto port = IcePort::open(config.ice_config.addresses, config.ice_port);
  if (!port)
    return Error{port.error().code,
                 "--ice-port: port " + std::to_string(config.ice_port) + ": " + port.error().message};
  media.ice_port = std::move(*port);
  return media;
}

MediaDoorConfig door_config(const Config& config) {
  MediaDoorConfig door{config.whip_strict, config.ice_config.turn_servers};
  if (config.ice_config.stun_server) door.ice_servers.insert(door.ice_servers.begin(), *config.ice_config.stun_server);
  return door;
}

/// From what cannot be noticed to what can be heard.
constexpr Histogram::Bounds loop_bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5};

/// How often the histograms of receptions get a value of each listener: about as often as a client reports.
constexpr std::chrono::seconds reception_interval{5};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string listening_line(const char* what, Scheme scheme, const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  const auto host = address.empty() ? "0.0.0.0" : is_v6 ? "[" + address + "]" : address;
  return std::string("listening ") + what + (scheme == Scheme::https ? " https://" : " http://") + host + ":" +
         std::to_string(port) + "\n";
}

void print_at_once(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

Error port_error(const char* option, std::uint16_t port, const Error& error) {
  return {error.code, std::string("--") + option + ": port " + std::to_string(port) + ": " + error.message};
}

Result<std::optional<TokenJudge>> token_judge(const AuthConfig& config) {
  if (!config.is_on) return std::optional<TokenJudge>();
  auto judge = TokenJudge::load(config);
  if (!judge) return Error{ErrorCode::failed, "[auth]: " + judge.error().message};
  return std::optional(std::move(*judge));
}

/// Fails, too, where what they are made of is not installed.
Result<PipelineTexts> load_texts(const Config& config) {
  auto missing = missing_elements();
  std::ranges::copy(missing_elements(config.publish), std::back_inserter(missing));
  if (missing.empty()) return PipelineTexts::load(config.pipelines, texts_for(config.publish));
  std::string all;
  for (const auto& element : missing) all += (all.empty() ? "" : ", ") + element;
  return Error{ErrorCode::failed, "GStreamer elements are missing; install their packages: " + all};
}

bool is_of_another_certificate(const Config& a, const Config& b) {
  return a.tls != b.tls || a.tls_certificate != b.tls_certificate || a.tls_key != b.tls_key;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const Config& config, const PassedSockets& sockets) {
  auto texts = load_texts(config);
  if (!texts) return texts.error();
  auto judge = token_judge(config.auth);
  if (!judge) return judge.error();
  auto media = media_config(config, std::move(*texts));
  if (!media) return media.error();
  std::unique_ptr<Server> server(new Server(config, std::move(*media), std::move(*judge)));
  if (auto status = server->listen(sockets); !status) return status.error();
  print_at_once(server->listening_lines_);
  if (const auto& port = server->media_.ice_port)
    log_info("WebRTC by port " + std::to_string(port->number()) + ", UDP and TCP");
  return server;
}

Server::Server(const Config& config, MediaConfig media, std::optional<TokenJudge> judge)
    : config_(config),
      loop_rounds_(loop_bounds_s),
      loop_watch_([this](std::chrono::duration<double> busy) { loop_rounds_.observe(busy); }),
      limits_(config.limits),
      media_(std::move(media)),
      registry_(media_),
      admission_(registry_, limits_, refusals_),
      lobby_(registry_, admission_, limits_, refusals_, [this] { return stream_details(); }),
      radio_(registry_, config.mp3_bitrate_kbps, config.mp3_max_lag),
      publisher_(registry_, config.publish, [this](auto&&... what) { return make_target(what...); }),
      whip_(registry_, admission_, door_config(config)),
      whep_(registry_, admission_, door_config(config),
            [this](std::chrono::duration<double> after) { lobby_.on_joined(after); }),
      endpoint_(lobby_, radio_, registry_, whip_, whep_, Guard(config.origins, limits_, std::move(judge), refusals_),
                limits_, refusals_, {config.mp3_bitrate_kbps, config.mp3_burst_bytes}, [this] { return facts(); }) {
  limits_.descriptors = allow_descriptors(limits_.descriptors);
  registry_.add_observer(lobby_);
  registry_.add_observer(radio_);
  registry_.add_observer(publisher_);
  registry_.add_observer(whep_);
  reception_timer_ = every(reception_interval, [this] {
    observe_receptions();
    return true;
  });
}

void Server::observe_receptions() {
  for (const auto& stream : registry_.live()) {
    for (const auto& reception : stream->details().receptions) {
      receptions_.loss.observe(reception.loss);
      receptions_.jitter.observe(reception.jitter);
      receptions_.round_trip.observe(reception.round_trip);
    }
  }
}

/// What is served where, and as which option and line of output.
struct Server::Place {
  const char* name;
  const char* option;
  std::uint16_t port;
  Scheme scheme = Scheme::http;
};

/// Takes the socket that was passed, or opens one.
Result<std::uint16_t> Server::open(const Place& place, int socket) {
  const bool is_passed = socket >= 0;
  const auto address = is_passed ? address_of(socket) : config_.bind;
  auto port = is_passed ? endpoint_.adopt(socket, place.scheme) : endpoint_.listen(address, place.port, place.scheme);
  if (!port && is_passed) return Error{ErrorCode::failed, std::string(place.name) + ": " + port.error().message};
  if (!port) return port_error(place.option, place.port, port.error());
  listening_lines_ += listening_line(place.name, place.scheme, address, *port);
  return port;
}

Status Server::listen(const PassedSockets& sockets) {
  const auto api = open({"api", "port", config_.port}, sockets.api);
  if (!api) return api.error();
  const auto audio = open({"audio", "audio-port", config_.audio_port}, sockets.audio);
  if (!audio) return audio.error();
  audio_port_ = *audio;
  if (config_.tls != TlsMode::off)
    if (auto status = listen_tls(sockets.tls); !status) return status;
  return success();
}

Result<std::shared_ptr<CertificateKeeper>> Server::make_keeper(const Config& config) {
  std::optional<CertificateKeeper::Files> files;
  if (config.tls == TlsMode::files) files = {config.tls_certificate, config.tls_key};
  auto keeper = CertificateKeeper::start(state_dir_of(config), files, [this](const ServerIdentity& identity) {
    if (const auto shown = endpoint_.show_certificate(identity); !shown) log_warning(shown.error().message);
  });
  if (!keeper) return Error{ErrorCode::failed, "--tls: " + keeper.error().message};
  if (auto shown = endpoint_.show_certificate((*keeper)->identity()); !shown) return shown.error();
  return keeper;
}

Status Server::listen_tls(int socket) {
  auto keeper = make_keeper(config_);
  if (!keeper) return keeper.error();
  certificate_ = std::move(*keeper);
  const auto port = open({"tls", "tls-port", config_.tls_port, Scheme::https}, socket);
  if (!port) return port.error();
  tls_port_ = *port;
  return success();
}

std::vector<StreamDetails> Server::stream_details() const {
  std::vector<StreamDetails> all;
  for (const auto& stream : registry_.live()) {
    auto details = stream->details();
    details.mp3_listeners = static_cast<unsigned>(radio_.listener_count(details.id, AudioFormat::mp3));
    details.opus_listeners = static_cast<unsigned>(radio_.listener_count(details.id, AudioFormat::ogg));
    details.mp3_lags = radio_.lags(details.id);
    all.push_back(std::move(details));
  }
  return all;
}

Result<std::unique_ptr<PublishTarget>> Server::make_target(const PublishConfig& config, const std::string& url,
                                                           const std::string& title, TargetEvents& events) const {
  switch (config.to) {
    case PublishTo::icecast:
      return push_to_icecast(media_, config, url, title, events);
    case PublishTo::file:
      return record_to_file(media_, config, url, events);
    case PublishTo::http:
      break;
  }
  return std::unique_ptr<PublishTarget>(
      new PutTarget(config, url, backlog_bytes(media_.mp3_bitrate_kbps, max_network_backlog), events));
}

void Server::gather_media(Facts& facts) const {
  const auto seconds = [](std::uint64_t ns) { return 1e-9 * static_cast<double>(ns); };
  facts.mp3_encoders = static_cast<unsigned>(
      std::ranges::count_if(registry_.live(), [](const auto& stream) { return stream->is_encoding(); }));
  facts.decoder_cpu_seconds = seconds(media_.encoder_times->decoding_ns);
  facts.encoder_cpu_seconds = seconds(media_.encoder_times->encoding_ns);
  facts.audio_bytes_received = media_.counters->audio_bytes;
  facts.audio_packets_received = media_.counters->audio_packets;
  facts.audio_packets_lost = media_.counters->lost_packets;
}

void Server::gather_listeners(Facts& facts) const {
  const auto of = [this](AudioFormat format) {
    return ListenerFacts{static_cast<unsigned>(radio_.listener_count(format)), radio_.counters(format)};
  };
  facts.active_streams = stream_details();
  for (const auto& stream : facts.active_streams) facts.receivers += stream.webrtc_listeners;
  facts.connected_receivers = static_cast<unsigned>(lobby_.hearing_count() + whep_.hearing_count());
  facts.mp3_listeners = of(AudioFormat::mp3);
  facts.opus_listeners = of(AudioFormat::ogg);
}

Facts Server::facts() const {
  Facts facts;
  facts.missing_elements = missing_elements();
  facts.webrtc_available = facts.missing_elements.empty();
  facts.audio_server_running = endpoint_.is_listening(audio_port_);
  gather_media(facts);
  gather_listeners(facts);
  facts.connected_clients = static_cast<unsigned>(lobby_.session_count());
  facts.cpu_seconds = cpu_seconds();
  facts.audio_port = audio_port_;
  facts.tls_port = tls_port_;
  facts.host = reachable_host(current_names());
  facts.streams_total = registry_.announced_count();
  facts.publishers = publisher_.status();
  facts.loop_rounds = loop_rounds_;
  facts.tcp_connections = endpoint_.connection_count();
  facts.refusals = refusals_;
  facts.refusals.add(RefusalReason::media, MediaLimit::ended_count());
  facts.receptions = receptions_;
  facts.join_times = lobby_.join_times();
  facts.uptime = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
  facts.version = VOICECAST_VERSION;
  return facts;
}

void Server::stop() {
  endpoint_.stop();
  lobby_.close_all("the server is stopping");
  whip_.close_all("the server is stopping");
  whep_.close_all("the server is stopping");
  publisher_.finish_all();
  radio_.finish_all();
}

Status Server::reload(const Config& wanted) {
  const auto config = take_reloadable(config_, wanted);
  auto texts = load_texts(config);
  if (!texts) return texts.error();
  auto judge = token_judge(config.auth);
  if (!judge) return judge.error();
  if (auto changed = change_certificate(config); !changed) return changed;
  media_.texts = std::move(*texts);
  endpoint_.change_rules(config.origins, std::move(*judge));
  apply(config);
  for (const auto option : changes_for_a_restart(config_, wanted))
    log_warning(std::string(option) + " has changed: that needs a restart");
  return success();
}

Status Server::change_certificate(const Config& wanted) {
  if (wanted.tls == TlsMode::off || !is_of_another_certificate(config_, wanted)) return success();
  auto keeper = make_keeper(wanted);
  if (!keeper) return keeper.error();
  certificate_ = std::move(*keeper);
  log_info("new connections get another certificate");
  return success();
}

/// What cannot fail.
void Server::apply(const Config& config) {
  config_ = config;
  set_log_level(config.log_level);
  limits_ = config.limits;
  limits_.descriptors = allow_descriptors(limits_.descriptors);
  media_.packets_per_second = limits_.packets_per_second;
  endpoint_.on_limits_changed();
  admission_.on_limits_changed();
  lobby_.on_limits_changed();
  publisher_.change(config.publish);
}

void Server::check_certificate() {
  if (certificate_) certificate_->check();
}

std::string Server::status_line() const {
  const auto streams = registry_.live();
  std::size_t receivers = 0;
  for (const auto& stream : streams) receivers += stream->receiver_count();
  return "streams: " + std::to_string(streams.size()) + ", WebRTC listeners: " + std::to_string(receivers) +
         ", HTTP listeners: " + std::to_string(radio_.listener_count());
}

bool Server::is_empty() const {
  return lobby_.session_count() == 0 && radio_.listener_count() == 0 && publisher_.is_empty();
}

}  // namespace voicecast
