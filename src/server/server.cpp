// SPDX-License-Identifier: MIT
#include "server/server.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "access/descriptors.hpp"
#include "base/log.hpp"
#include "config/reload.hpp"
#include "ice/ice_port.hpp"
#include "publish/icecast_target.hpp"
#include "publish/publish_sinks.hpp"
#include "publish/put_target.hpp"
#include "server/from_config.hpp"

namespace voicecast {

Result<std::unique_ptr<Server>> Server::start(const Config& config, const PassedSockets& sockets) {
  auto texts = load_texts(config);
  if (!texts) return texts.error();
  auto verifier = load_token_verifier(config);
  if (!verifier) return verifier.error();
  auto media = open_media(config, std::move(*texts));
  if (!media) return media.error();
  std::unique_ptr<Server> server(new Server(config, std::move(*media), std::move(*verifier)));
  if (auto status = server->listen(sockets); !status) return status.error();
  server->ports_.announce();
  if (const auto& port = server->media_.ice_port)
    log_info("WebRTC uses port " + std::to_string(port->number()) + ", UDP and TCP");
  return server;
}

Server::Server(const Config& config, MediaConfig media, std::optional<TokenVerifier> verifier)
    : config_(config),
      limits_(config.limits),
      media_(std::move(media)),
      registry_(media_),
      admission_(registry_, limits_, refusals_),
      lobby_({registry_, admission_, refusals_, [this] { return stream_details(registry_, radio_); }}, limits_),
      radio_(registry_, config.mp3_bitrate_kbps, config.mp3_max_lag),
      publisher_(registry_, config.publish, [this](auto&&... what) { return make_target(what...); }),
      whip_(registry_, admission_, media_endpoint_config(config)),
      whep_(registry_, admission_, media_endpoint_config(config)),
      endpoint_(lobby_, radio_, registry_, whip_, whep_, Guard(config.origins, limits_, std::move(verifier), refusals_),
                limits_, refusals_, {config.mp3_bitrate_kbps, config.mp3_burst_bytes},
                [this] { return facts_.gather(); }),
      ports_(endpoint_),
      certificate_(endpoint_),
      facts_({config_, media_, registry_, lobby_, radio_, publisher_, endpoint_, ports_, refusals_}) {
  limits_.descriptors = allow_descriptors(limits_.descriptors);
  registry_.add_observer(lobby_);
  registry_.add_observer(radio_);
  registry_.add_observer(publisher_);
  registry_.add_observer(whep_);
  registry_.add_observer(endpoint_.early_requests());
}

Status Server::listen(const PassedSockets& sockets) {
  if (auto opened = ports_.open_plain(config_, sockets); !opened) return opened;
  if (config_.tls == TlsMode::off) return success();
  if (auto shown = certificate_.show(config_); !shown) return shown;
  return ports_.open_tls(config_, sockets);
}

Result<std::unique_ptr<PublishTarget>> Server::make_target(const PublishConfig& config, const std::string& url,
                                                           const std::string& title, TargetEvents& events) const {
  switch (config.to) {
    case PublishTo::icecast: {
      auto mount = push_to_icecast(media_, config, url, title, events);
      if (!mount || config.format != PublishFormat::mp3) return mount;
      return std::unique_ptr<PublishTarget>(new IcecastTarget(config, url, std::move(*mount)));
    }
    case PublishTo::file:
      return record_to_file(media_, config, url, events);
    case PublishTo::http:
      break;
  }
  return std::unique_ptr<PublishTarget>(
      new PutTarget(config, url, backlog_bytes(media_.mp3_bitrate_kbps, max_network_backlog), events));
}

void Server::stop() {
  // First, while libsoup still holds their unanswered requests.
  whip_.close_all("the server is stopping");
  whep_.close_all("the server is stopping");
  endpoint_.stop();
  lobby_.close_all("the server is stopping");
  publisher_.finish_all();
  radio_.finish_all();
}

Status Server::reload(const Config& wanted) {
  const auto config = take_reloadable(config_, wanted);
  auto texts = load_texts(config);
  if (!texts) return texts.error();
  auto verifier = load_token_verifier(config);
  if (!verifier) return verifier.error();
  if (auto changed = certificate_.change(config_, config); !changed) return changed;
  media_.texts = std::move(*texts);
  endpoint_.change_rules(config.origins, std::move(*verifier));
  apply(config);
  for (const auto option : changes_for_a_restart(config_, wanted))
    log_warning(std::string(option) + " has changed: restart to apply it");
  return success();
}

/// Applies the settings that cannot fail.
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
