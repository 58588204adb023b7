// SPDX-License-Identifier: MIT
#include "config/reload.hpp"

namespace voicecast {
namespace {

struct Fixed {
  std::string_view option;
  bool (*differs)(const Config&, const Config&);
};

template <auto member>
bool differs(const Config& a, const Config& b) {
  return a.*member != b.*member;
}

template <auto member>
bool ice_differs(const Config& a, const Config& b) {
  return a.ice_config.*member != b.ice_config.*member;
}

bool turn_login_differs(const Config& a, const Config& b) {
  return a.turn_user != b.turn_user || a.turn_password != b.turn_password;
}

/// The HTTPS port opens at the start only; its certificate may change.
bool differs_in_having_tls(const Config& a, const Config& b) {
  return (a.tls == TlsMode::off) != (b.tls == TlsMode::off);
}

constexpr Fixed fixed[] = {
    {"bind", differs<&Config::bind>},
    {"port", differs<&Config::port>},
    {"audio-port", differs<&Config::audio_port>},
    {"tls-port", differs<&Config::tls_port>},
    {"tls", differs_in_having_tls},
    {"ice", differs<&Config::ice>},
    {"ice-port", differs<&Config::ice_port>},
    {"ice-address", ice_differs<&IceConfig::addresses>},
    {"ice-port-range", ice_differs<&IceConfig::ports>},
    {"nat-1to1", ice_differs<&IceConfig::public_address>},
    {"stun-server", ice_differs<&IceConfig::stun_server>},
    {"turn-server", ice_differs<&IceConfig::turn_servers>},
    {"turn-credentials", turn_login_differs},
    {"turn-ca", ice_differs<&IceConfig::turn_authorities>},
    {"whip-strict", differs<&Config::whip_strict>},
    {"egress", differs<&Config::egress>},
    {"mp3-bitrate", differs<&Config::mp3_bitrate_kbps>},
    {"mp3-burst", differs<&Config::mp3_burst_bytes>},
    {"mp3-max-lag", differs<&Config::mp3_max_lag>},
    {"pipelines", differs<&Config::pipelines>},
    {"state-dir", differs<&Config::state_dir>},
};

}  // namespace

std::vector<std::string_view> changes_for_a_restart(const Config& running, const Config& wanted) {
  std::vector<std::string_view> changed;
  for (const auto& [option, differs] : fixed)
    if (differs(running, wanted)) changed.push_back(option);
  return changed;
}

Config take_reloadable(Config running, const Config& wanted) {
  running.log_level = wanted.log_level;
  running.origins = wanted.origins;
  running.limits = wanted.limits;
  running.auth = wanted.auth;
  running.publish = wanted.publish;
  if (!differs_in_having_tls(running, wanted)) {
    running.tls = wanted.tls;
    running.tls_certificate = wanted.tls_certificate;
    running.tls_key = wanted.tls_key;
  }
  return running;
}

}  // namespace voicecast
