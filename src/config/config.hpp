// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "access/limits.hpp"
#include "access/origin.hpp"
#include "access/token.hpp"
#include "config/ice_config.hpp"
#include "config/publish_config.hpp"
#include "tls/secret_file.hpp"

namespace voicecast {

enum class TlsMode { automatic, files, off };
enum class IceMode { lite, full };
enum class Egress { fanout, webrtcbin };

/// The validated settings of the server. A default-constructed Config holds the defaults. The table in options.cpp maps
/// options to members. A value type: no thread of its own.
struct Config {
  std::optional<std::filesystem::path> file;  ///< The key file, if any.

  std::string bind;  ///< An IP address. Empty: every interface, IPv4 and IPv6.
  std::uint16_t port = 8080;
  std::uint16_t audio_port = 8081;
  std::uint16_t tls_port = 8443;
  TlsMode tls = TlsMode::automatic;
  std::filesystem::path tls_certificate, tls_key;  ///< PEM; for TlsMode::files.
  OriginPolicy origins;                            ///< The web pages that may use the server.
  IceMode ice = IceMode::lite;
  std::uint16_t ice_port = 8555;         ///< For IceMode::lite.
  IceConfig ice_config;                  ///< Addresses, ports and servers of ICE.
  std::string turn_user, turn_password;  ///< For TURN servers without credentials in their URI.
  Egress egress = Egress::fanout;        ///< The sender of packets to WebRTC listeners.
  bool whip_strict = false;              ///< Refuse a WHIP or WHEP PATCH without If-Match.
  unsigned mp3_bitrate_kbps = 128;
  std::optional<std::size_t> mp3_burst_bytes;      ///< The burst of every listener. Nothing: by player.
  std::chrono::seconds mp3_max_lag{4};             ///< Beyond it an HTTP listener, of MP3 or Ogg, skips to live.
  std::optional<std::filesystem::path> pipelines;  ///< A directory. Nothing: the built-in ones.
  std::optional<std::filesystem::path> state_dir;  ///< May not exist yet.
  GLogLevelFlags log_level = G_LOG_LEVEL_INFO;
  std::vector<PublishConfig> publish;           ///< The groups [publish.NAME].
  std::vector<std::string> notices;             ///< Warnings for the operator.
  OpenSecret open_secrets = OpenSecret::close;  ///< The policy for secrets readable by other users.
  Limits limits;                                ///< The group [limits] of the key file.
  AuthConfig auth;                              ///< The group [auth].

  bool operator==(const Config&) const = default;
};

/// The output of a run that does not serve: --help, --version, or one line with an error and its source.
struct PrintAndExit {
  std::string text;  ///< Ends with a newline.
  int status = 0;    ///< 0: success; 2: a wrong command line; 1: any other error.
  bool to_stderr = false;
};

using Environment = std::map<std::string, std::string>;

/// The variables of `environ` whose names start with VOICECAST_.
Environment read_environment(const char* const* environ);

/// Reads the settings; precedence: command line, environment, key file, defaults. `arguments` exclude the program's
/// name. A list from a stronger source replaces that of a weaker one; overridden values are validated, too. Side
/// effects: reads the key file and the secrets that it names (see read_secret()), and checks whether paths exist.
/// Blocks on files: before the main loop runs, or at a reload.
std::variant<Config, PrintAndExit> read_config(std::span<const std::string> arguments, const Environment& environment,
                                               OpenSecret open_secrets = OpenSecret::close);

/// The directory for state: --state-dir, else systemd's StateDirectory=, else the user's state directory.
std::filesystem::path state_dir_of(const Config& config);

}  // namespace voicecast
