// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/config.hpp"

namespace voicecast {

/// The sources that may set an option, besides the command line.
enum class Scope { everywhere, not_in_file, command_line_only };

/// One row of the table behind the command line, the environment, the key file and --help.
struct Option {
  std::string_view name;                ///< `audio-port`: --audio-port, VOICECAST_AUDIO_PORT, audio-port=
  std::string_view argument{};          ///< Its name in --help. Empty: no argument.
  std::string_view default_argument{};  ///< The default, as text; empty: no default.
  std::string_view help;
  /// Validates and stores one argument. The Error names the fault and the valid values. Null: not a setting.
  Status (*set)(Config&, const std::string&) = nullptr;
  /// Whether an argument contains a password, which a command line must not. Null: never.
  bool (*is_secret)(const std::string&) = nullptr;
  bool is_repeatable = false;  ///< `set` appends to a list.
  Scope scope = Scope::everywhere;
};

/// Constant tables. Any thread.
std::span<const Option> all_options();
const Option* find_option(std::string_view name);
/// `VOICECAST_AUDIO_PORT`
std::string environment_variable(const Option& option);

inline std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

/// The Error of a setting: `"VALUE" is not EXPECTED`.
inline Error wrong(std::string_view value, std::string_view expected) {
  return {ErrorCode::failed, in_quotes(value) + " is not " + std::string(expected)};
}

}  // namespace voicecast
