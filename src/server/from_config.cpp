// SPDX-License-Identifier: MIT
#include "server/from_config.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "gst/elements.hpp"
#include "ice/ice_port.hpp"

namespace voicecast {

Result<PipelineTexts> load_texts(const Config& config) {
  auto missing = missing_elements();
  std::ranges::copy(missing_elements(config.publish), std::back_inserter(missing));
  if (missing.empty()) return PipelineTexts::load(config.pipelines, texts_for(config.publish));
  std::string all;
  for (const auto& element : missing) all += (all.empty() ? "" : ", ") + element;
  return Error{ErrorCode::failed, "GStreamer elements are missing; install: " + all};
}

Result<std::optional<TokenVerifier>> load_token_verifier(const Config& config) {
  if (!config.auth.is_on) return std::optional<TokenVerifier>();
  auto verifier = TokenVerifier::load(config.auth);
  if (!verifier) return Error{ErrorCode::failed, "[auth]: " + verifier.error().message};
  return std::optional(std::move(*verifier));
}

Result<MediaConfig> open_media(const Config& config, PipelineTexts texts) {
  MediaConfig media{.ice = config.ice_config,
                    .texts = std::move(texts),
                    .mp3_bitrate_kbps = config.mp3_bitrate_kbps,
                    .is_fanned_out = config.egress == Egress::fanout,
                    .packets_per_second = config.limits.packets_per_second};
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

MediaEndpointConfig media_endpoint_config(const Config& config) {
  MediaEndpointConfig endpoint{config.whip_strict, config.ice_config.turn_servers};
  if (config.ice_config.stun_server)
    endpoint.ice_servers.insert(endpoint.ice_servers.begin(), *config.ice_config.stun_server);
  return endpoint;
}

}  // namespace voicecast
