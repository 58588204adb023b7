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

/// What the operator asked for, checked. The defaults are those of an operator who asks for nothing.
/// The table in options.cpp says which option sets which member.
struct Config {
  std::optional<std::filesystem::path> file;  ///< The key file that was read.

  std::string bind;  ///< An IP address. Empty: every interface, IPv4 and IPv6.
  std::uint16_t port = 8080;
  std::uint16_t audio_port = 8081;
  std::uint16_t tls_port = 8443;
  TlsMode tls = TlsMode::automatic;
  std::filesystem::path tls_certificate, tls_key;  ///< Of TlsMode::files; PEM.
  OriginPolicy origins;                            ///< Which web pages may use the server.
  IceMode ice = IceMode::lite;
  std::uint16_t ice_port = 8555;         ///< Used by `lite` only.
  IceConfig ice_config;                  ///< How peers find a way.
  std::string turn_user, turn_password;  ///< For TURN servers whose URI has none.
  Egress egress = Egress::fanout;        ///< How packets leave for WebRTC listeners.
  bool whip_strict = false;              ///< A PATCH of WHIP or WHEP without If-Match is refused.
  unsigned mp3_bitrate_kbps = 128;
  std::optional<std::size_t> mp3_burst_bytes;      ///< What every listener gets at once. None: what his player needs.
  std::chrono::seconds mp3_max_lag{4};             ///< Who is further behind is brought back to live.
  std::optional<std::filesystem::path> pipelines;  ///< A directory. None: the built-in ones.
  std::optional<std::filesystem::path> state_dir;  ///< Need not exist yet.
  GLogLevelFlags log_level = G_LOG_LEVEL_INFO;
  std::vector<PublishConfig> publish;           ///< The groups [publish.NAME].
  std::vector<std::string> notices;             ///< What the operator should know, although it is no error.
  OpenSecret open_secrets = OpenSecret::close;  ///< What was done about secrets that others may read.
  Limits limits;                                ///< The group [limits] of the key file.
  AuthConfig auth;                              ///< The group [auth].

  bool operator==(const Config&) const = default;
};

/// The end of a run that serves nothing: --help, --version, or what is wrong, in one line that names its source.
struct PrintAndExit {
  std::string text;  ///< Ends with a newline.
  int status = 0;    ///< 0; 2: the command line is wrong; 1: the file, the environment, anything else is.
  bool to_stderr = false;
};

using Environment = std::map<std::string, std::string>;

/// The variables of `environ` whose names start with VOICECAST_.
Environment read_environment(const char* const* environ);

/// Command line over environment over key file over defaults. `arguments` come without the program's name. A list
/// from a stronger source replaces that of a weaker one; what is overruled must be right nevertheless. Reading the key
/// file and the secrets that it names (see read_secret()), and looking whether directories exist, is all that it does
/// outside of its arguments.
std::variant<Config, PrintAndExit> read_config(std::span<const std::string> arguments, const Environment& environment,
                                               OpenSecret open_secrets = OpenSecret::close);

/// Where the state is kept: of the operator, else systemd's StateDirectory=, else the user's own.
std::filesystem::path state_dir_of(const Config& config);

}  // namespace voicecast
