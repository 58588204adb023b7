// SPDX-License-Identifier: MIT
#include "config/ice_options.hpp"

#include <algorithm>
#include <filesystem>

#include "base/gio.hpp"
#include "base/text.hpp"
#include "config/options.hpp"
#include "tls/secret_file.hpp"

namespace voicecast {
namespace {

/// Null for an invalid address and for the unspecified one (0.0.0.0, ::).
GPtr<GInetAddress> parse_address(const std::string& text) {
  auto address = GPtr<GInetAddress>::adopt(g_inet_address_new_from_string(text.c_str()));
  return address && g_inet_address_get_is_any(address.get()) ? GPtr<GInetAddress>() : address;
}

/// 0 for an invalid port.
std::uint16_t parse_port(std::string_view text) { return parse_number<std::uint16_t>(text).value_or(0); }

/// libnice's limit (NICE_CANDIDATE_MAX_TURN_SERVERS).
constexpr std::size_t max_turn_servers = 8;

/// USER:PASSWORD in the first line of a file.
struct TurnLogin {
  std::string user, password;
};

Result<TurnLogin> read_login(const std::string& file, Config& config) {
  const auto text = read_secret(file, config.notices, config.open_secrets);
  if (!text) return text.error();
  const auto line = trimmed(std::string_view(*text).substr(0, text->find('\n')));
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0 || colon + 1 == line.size())
    return Error{ErrorCode::failed, file + ": the first line must be USER:PASSWORD"};
  return TurnLogin{std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))};
}

}  // namespace

Status add_ice_address(Config& config, const std::string& value) {
  if (!parse_address(value)) return wrong(value, "the IP address of an interface, such as 192.168.1.10");
  config.ice_config.addresses.push_back(value);
  return success();
}

Status set_ice_port_range(Config& config, const std::string& value) {
  config.ice_config.ports.reset();
  if (value.empty()) return success();
  const auto dash = value.find('-');
  const PortRange range{parse_port(value.substr(0, dash)),
                        dash == value.npos ? std::uint16_t{0} : parse_port(value.substr(dash + 1))};
  if (range.min == 0 || range.min > range.max) return wrong(value, "a range of ports, such as 50000-50999");
  config.ice_config.ports = range;
  return success();
}

Status set_nat_1to1(Config& config, const std::string& value) {
  const auto address = parse_address(value);
  if (!value.empty() && !address) return wrong(value, "an IP address, such as 203.0.113.7");
  config.ice_config.public_address = value;
  return success();
}

Status set_stun_server(Config& config, const std::string& value) {
  const auto server = parse_ice_server(value);
  if (!value.empty() && (!server || server->scheme != "stun")) return wrong(value, "of the form stun:HOST:PORT");
  config.ice_config.stun_server = value.empty() ? std::nullopt : server;
  return success();
}

Status add_turn_server(Config& config, const std::string& value) {
  auto server = parse_ice_server(value);
  if (!server || server->scheme == "stun") {  // not quoted: it may contain a password, and errors reach logs
    return Error{ErrorCode::failed,
                 "invalid server: use turn:HOST:PORT, turn:HOST:PORT?transport=udp, turn:HOST:PORT?transport=tcp or "
                 "turns:HOST:PORT"};
  }
  if (config.ice_config.turn_servers.size() == max_turn_servers)
    return Error{ErrorCode::failed, "more than " + std::to_string(max_turn_servers) + " servers"};
  config.ice_config.turn_servers.push_back(std::move(*server));
  return success();
}

Status set_turn_ca(Config& config, const std::string& value) {
  std::error_code problem;
  if (!value.empty() && !std::filesystem::is_regular_file(value, problem)) return wrong(value, "a file");
  config.ice_config.turn_authorities = value;
  return success();
}

bool holds_password(const std::string& turn_server) { return turn_server.find('@') != std::string::npos; }

Status set_turn_credentials(Config& config, const std::string& value) {
  config.turn_user.clear();
  config.turn_password.clear();
  if (value.empty()) return success();
  auto login = read_login(value, config);
  if (!login) return login.error();
  config.turn_user = std::move(login->user);
  config.turn_password = std::move(login->password);
  return success();
}

Status choose_ice(Config& config, bool is_chosen) {
  const auto& ice = config.ice_config;
  if (is_chosen && config.ice == IceMode::lite && ice.ports)
    return Error{ErrorCode::failed, "lite excludes --ice-port-range: all peers share --ice-port"};
  if (!is_chosen && (ice.ports || ice.stun_server || !ice.turn_servers.empty())) config.ice = IceMode::full;
  return success();
}

Status share_turn_credentials(Config& config) {
  for (auto& server : config.ice_config.turn_servers) {
    if (!server.username.empty()) continue;
    if (config.turn_user.empty())
      return Error{ErrorCode::failed, uri_of(server) +
                                          " needs a user and a password: set --turn-credentials to a file with "
                                          "USER:PASSWORD"};
    server.username = config.turn_user;
    server.credential = config.turn_password;
  }
  return success();
}

}  // namespace voicecast
