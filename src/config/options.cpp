// SPDX-License-Identifier: MIT
#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "base/gio.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "config/ice_options.hpp"

namespace voicecast {

namespace {

template <std::uint16_t Config::*member>
Status set_port(Config& config, const std::string& value) {
  const auto port = parse_number<std::uint16_t>(value);
  if (!port) return wrong(value, "a port (0 to 65535)");
  config.*member = *port;
  return success();
}

Status set_bind(Config& config, const std::string& value) {
  const auto address = GPtr<GInetAddress>::adopt(g_inet_address_new_from_string(value.c_str()));
  if (!value.empty() && !address)
    return wrong(value, "an IP address, such as 127.0.0.1 or ::1 (empty: every interface)");
  config.bind = value;
  return success();
}

Status set_tls(Config& config, const std::string& value) {
  if (value == "auto" || value == "off") {
    config.tls = value == "auto" ? TlsMode::automatic : TlsMode::off;
    return success();
  }
  const auto comma = value.find(',');
  if (comma == std::string::npos || comma == 0 || comma + 1 == value.size())
    return wrong(value, "auto, off or CERT.pem,KEY.pem");
  config.tls = TlsMode::files;
  config.tls_certificate = value.substr(0, comma);
  config.tls_key = value.substr(comma + 1);
  return success();
}

Status set_origins(Config& config, const std::string& value) {
  auto policy = parse_origin_policy(value);
  if (!policy) return policy.error();
  config.origins = std::move(*policy);
  return success();
}

Status set_ice(Config& config, const std::string& value) {
  if (value != "lite" && value != "full") return wrong(value, "lite or full");
  config.ice = value == "lite" ? IceMode::lite : IceMode::full;
  return success();
}

Status set_egress(Config& config, const std::string& value) {
  if (value != "fanout" && value != "webrtcbin") return wrong(value, "fanout or webrtcbin");
  config.egress = value == "fanout" ? Egress::fanout : Egress::webrtcbin;
  return success();
}

Status set_whip_strict(Config& config, const std::string& value) {
  if (value != "yes" && value != "no") return wrong(value, "yes or no");
  config.whip_strict = value == "yes";
  return success();
}

/// The constant bit rates of MPEG-1 Layer III (ISO/IEC 11172-3 §2.4.2.3), the format at 44.1 kHz.
constexpr std::array mp3_bitrates{32u, 40u, 48u, 56u, 64u, 80u, 96u, 112u, 128u, 160u, 192u, 224u, 256u, 320u};

Status set_mp3_bitrate(Config& config, const std::string& value) {
  const auto bitrate = parse_number<unsigned>(value);
  if (!bitrate || std::ranges::find(mp3_bitrates, *bitrate) == mp3_bitrates.end()) {
    return wrong(value, "an MP3 bit rate in kbit/s (32 40 48 56 64 80 96 112 128 160 192 224 256 320)");
  }
  config.mp3_bitrate_kbps = *bitrate;
  return success();
}

Status set_mp3_burst(Config& config, const std::string& value) {
  const auto bytes = parse_number<std::size_t>(value);
  if (value != "auto" && (!bytes || *bytes > max_burst_bytes))
    return wrong(value, "auto, or a number of bytes (0 to 524288)");
  config.mp3_burst_bytes = bytes;
  return success();
}

Status set_mp3_max_lag(Config& config, const std::string& value) {
  constexpr unsigned most = 60;  // it costs memory for every stream
  const auto seconds = parse_number<unsigned>(value);
  if (!seconds || *seconds < 1 || *seconds > most) return wrong(value, "a number of seconds (1 to 60)");
  config.mp3_max_lag = std::chrono::seconds(*seconds);
  return success();
}

std::optional<std::filesystem::path> path_unless_empty(const std::string& value) {
  if (value.empty()) return std::nullopt;
  return value;
}

Status set_config(Config& config, const std::string& value) {
  config.file = path_unless_empty(value);
  return success();
}

Status set_pipelines(Config& config, const std::string& value) {
  std::error_code problem;
  if (!value.empty() && !std::filesystem::is_directory(value, problem)) return wrong(value, "an existing directory");
  config.pipelines = path_unless_empty(value);
  return success();
}

Status set_state_dir(Config& config, const std::string& value) {
  std::error_code problem;
  if (std::filesystem::exists(value, problem) && !std::filesystem::is_directory(value, problem)) {
    return wrong(value, "a directory, nor an unused path");
  }
  config.state_dir = path_unless_empty(value);
  return success();
}

Status set_log_level(Config& config, const std::string& value) {
  const auto level = parse_log_level(value);
  if (!level) return wrong(value, "error, warning, info or debug");
  config.log_level = *level;
  return success();
}

constexpr Option table[] = {
    {.name = "config",
     .argument = "FILE",
     .help = "Read settings from this key file. Default: no file.",
     .set = set_config,
     .scope = Scope::not_in_file},
    {.name = "bind",
     .argument = "ADDRESS",
     .help = "Listen on this IP address only. Default: every interface, IPv4 and IPv6.",
     .set = set_bind},
    {.name = "port",
     .argument = "PORT",
     .default_argument = "8080",
     .help = "The HTTP port of the API, the WebSocket and the web pages. 0: a free port.",
     .set = set_port<&Config::port>},
    {.name = "audio-port",
     .argument = "PORT",
     .default_argument = "8081",
     .help = "The HTTP port of the MP3 streams. 0: a free port.",
     .set = set_port<&Config::audio_port>},
    {.name = "tls-port",
     .argument = "PORT",
     .default_argument = "8443",
     .help = "The HTTPS port of everything. 0: a free port.",
     .set = set_port<&Config::tls_port>},
    {.name = "tls",
     .argument = "auto|off|CERT.pem,KEY.pem",
     .default_argument = "auto",
     .help = "The certificate for HTTPS. auto: generated by the server; off: no HTTPS; files: the operator's, reloaded "
             "when "
             "they change.",
     .set = set_tls},
    {.name = "origins",
     .argument = "lan|any|LIST",
     .default_argument = "lan",
     .help =
         "The web pages that may use the server: those of the local network, all, or a comma-separated list such as "
         "https://home.example.com,lan. The server's own pages always may.",
     .set = set_origins},
    {.name = "ice",
     .argument = "lite|full",
     .default_argument = "lite",
     .help =
         "The ICE mode of WebRTC. lite: all peers share one port, which they must be able to reach. full: each peer "
         "has ports of its own, with STUN and TURN for a server behind a NAT; the default with --stun-server, "
         "--turn-server or --ice-port-range.",
     .set = set_ice},
    {.name = "ice-port",
     .argument = "PORT",
     .default_argument = "8555",
     .help = "The port of --ice lite, UDP, and TCP for networks that block UDP. Unused by --ice full.",
     .set = set_port<&Config::ice_port>},
    {.name = "ice-address",
     .argument = "ADDRESS",
     .help = "Restrict WebRTC to this local IP address, on a host with interfaces that peers cannot reach.",
     .set = add_ice_address,
     .is_repeatable = true},
    {.name = "ice-port-range",
     .argument = "MIN-MAX",
     .help = "The UDP ports of --ice full, for a firewall: one for each sender or listener, and local address. "
             "Default: any free port.",
     .set = set_ice_port_range},
    {.name = "nat-1to1",
     .argument = "ADDRESS",
     .help =
         "The public address of a NAT that forwards its ports one to one to this host: a further candidate for peers.",
     .set = set_nat_1to1},
    {.name = "stun-server",
     .argument = "URI",
     .help = "The STUN server that reports the public address: stun:HOST:PORT.",
     .set = set_stun_server},
    {.name = "turn-server",
     .argument = "URI",
     .help = "A TURN server that relays where no direct path exists: turn:HOST:PORT, "
             "turn:HOST:PORT?transport=tcp, or turns:HOST:PORT for TLS.",
     .set = add_turn_server,
     .is_secret = holds_password,
     .is_repeatable = true},
    {.name = "turn-credentials",
     .argument = "FILE",
     .help = "A file with USER:PASSWORD in its first line, for the TURN servers.",
     .set = set_turn_credentials},
    {.name = "turn-ca",
     .argument = "FILE",
     .help = "A file (PEM) with the certificate authorities trusted for turns: servers. Default: the system's.",
     .set = set_turn_ca},
    {.name = "egress",
     .argument = "fanout|webrtcbin",
     .default_argument = "fanout",
     .help = "The sender of packets to WebRTC listeners: one fan-out for each stream, or each listener's webrtcbin.",
     .set = set_egress},
    {.name = "whip-strict",
     .argument = "yes|no",
     .default_argument = "no",
     .help = "Refuse a WHIP or WHEP PATCH without If-Match, as RFC 9725 requires; some clients omit it.",
     .set = set_whip_strict},
    {.name = "mp3-bitrate",
     .argument = "KBITS",
     .default_argument = "128",
     .help = "The constant bit rate of the MP3 streams in kbit/s: "
             "32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320.",
     .set = set_mp3_bitrate},
    {.name = "mp3-burst",
     .argument = "auto|BYTES",
     .default_argument = "auto",
     .help = "The audio that a listener gets at once, so that playback starts at once. auto: as much as the player "
             "buffers; or "
             "a number of bytes (0 to 524288). A URL overrides it with ?burst=BYTES.",
     .set = set_mp3_burst},
    {.name = "mp3-max-lag",
     .argument = "SECONDS",
     .default_argument = "4",
     .help = "The lag beyond which a listener over HTTP, of MP3 or of Opus in Ogg, skips to live (1 to 60).",
     .set = set_mp3_max_lag},
    {.name = "pipelines",
     .argument = "DIR",
     .help = "Load the GStreamer pipelines from this directory instead of the built-in ones.",
     .set = set_pipelines},
    {.name = "state-dir",
     .argument = "DIR",
     .help = "The directory for the certificates of --tls auto. Default: $STATE_DIRECTORY, or "
             "~/.local/state/voicecast.",
     .set = set_state_dir},
    {.name = "log-level",
     .argument = "LEVEL",
     .default_argument = "info",
     .help = "The lowest level that is logged: error, warning, info or debug.",
     .set = set_log_level},
    {.name = "version", .help = "Print the version and exit.", .scope = Scope::command_line_only},
    {.name = "help", .help = "Print this text and exit.", .scope = Scope::command_line_only},
};

}  // namespace

std::span<const Option> all_options() { return table; }

const Option* find_option(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Option::name);
  return found == std::end(table) ? nullptr : found;
}

std::string environment_variable(const Option& option) {
  std::string variable = "VOICECAST_";
  for (const char c : option.name) variable += c == '-' ? '_' : g_ascii_toupper(c);
  return variable;
}

}  // namespace voicecast
