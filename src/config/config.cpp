// SPDX-License-Identifier: MIT
#include "config/config.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "config/groups.hpp"
#include "config/help.hpp"
#include "config/ice_options.hpp"
#include "config/key_file.hpp"
#include "config/options.hpp"

namespace voicecast {
namespace {

constexpr std::string_view variable_prefix = "VOICECAST_";

constexpr int anything_wrong = 1;
constexpr int usage_wrong = 2;

/// One option's values from one source.
struct Setting {
  const Option* option;
  std::string where;  ///< The source, for errors.
  std::vector<std::string> values;
};
using Settings = std::vector<Setting>;

struct CommandLine {
  Settings settings;
  std::string answer;  ///< The output of --help or --version; empty without these.
};

Error error_at(std::string_view where, std::string_view what) {
  return {ErrorCode::failed, std::string(where) + ": " + std::string(what)};
}

PrintAndExit fail(int status, const Error& error) {
  std::string line = error.message;
  std::ranges::replace_if(
      line, [](char c) { return g_ascii_iscntrl(c); }, ' ');  // names and values may contain control characters
  return {line + '\n', status, true};
}

std::string answer_to(const Option& option) {
  return option.name == "help" ? help_text() : "voicecast " VOICECAST_VERSION "\n";
}

// The command line

/// One parsed argument: `--name` or `--name=value`.
struct Word {
  std::string_view name;
  std::optional<std::string> value;
};

Word take_apart(std::string_view argument) {
  if (argument == "-h") return {"help", std::nullopt};
  if (!argument.starts_with("--")) return {};
  argument.remove_prefix(2);
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos) return {argument, std::nullopt};
  return {argument.substr(0, equals), std::string(argument.substr(equals + 1))};
}

/// Keeps all values of an option in one setting: a list is replaced as a whole.
Status add_value(Settings& settings, const Option& option, std::string value) {
  if (option.is_secret && option.is_secret(value))
    return error_at("--" + std::string(option.name),
                    "every user of this host can see a command line: keep the password in a file");
  auto setting = std::ranges::find(settings, &option, &Setting::option);
  if (setting == settings.end()) {
    settings.push_back({&option, "--" + std::string(option.name), {}});
    setting = std::prev(settings.end());
  }
  setting->values.push_back(std::move(value));
  return success();
}

/// Consumes the first option of `arguments`, with its value.
Status take_option(CommandLine& line, std::span<const std::string>& arguments) {
  const std::string_view first = arguments.front();
  const auto [name, value] = take_apart(first);
  const Option* const option = find_option(name);
  if (!option) return error_at(in_quotes(first.substr(0, first.find('='))), "unknown option; see voicecast --help");

  arguments = arguments.subspan(1);
  const std::string where = "--" + std::string(name);
  if (option->argument.empty()) {
    if (value) return error_at(where, "takes no argument");
    line.answer = answer_to(*option);
  } else if (value) {
    return add_value(line.settings, *option, *value);
  } else if (arguments.empty() || arguments.front().starts_with("--")) {
    return error_at(where, "needs an argument: " + where + ' ' + std::string(option->argument));
  } else {
    const auto& argument = arguments.front();
    arguments = arguments.subspan(1);
    return add_value(line.settings, *option, argument);
  }
  return success();
}

Result<CommandLine> parse_command_line(std::span<const std::string> arguments) {
  CommandLine line;
  while (!arguments.empty() && line.answer.empty()) {
    if (const auto taken = take_option(line, arguments); !taken) return taken.error();
  }
  return line;
}

// The environment

std::vector<std::string> split(std::string_view list, char separator) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const auto part = list.substr(0, list.find(separator));
    parts.emplace_back(trimmed(part));
    list.remove_prefix(std::min(list.size(), part.size() + 1));
  }
  return parts;
}

const Option* find_by_variable(std::string_view variable) {
  const auto found = std::ranges::find_if(all_options(), [&](const Option& option) {
    return option.scope != Scope::command_line_only && environment_variable(option) == variable;
  });
  return found == all_options().end() ? nullptr : &*found;
}

Result<Settings> parse_environment(const Environment& environment) {
  Settings settings;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with(variable_prefix)) continue;
    const Option* option = find_by_variable(variable);
    if (!option)
      return error_at(in_quotes(variable), "unknown variable; the variables are the options of voicecast --help");
    settings.push_back({option, variable, option->is_repeatable ? split(value, ',') : std::vector{value}});
  }
  return settings;
}

// The key file

Result<Setting> read_setting(const KeyFile& file, const std::string& key) {
  const Option* option = find_option(key);
  const std::string group(options_group);
  if (!option || option->scope != Scope::everywhere) {
    return error_at(file.where(group, in_quotes(key)), "unknown key; the keys are the options of voicecast --help");
  }
  auto values = file.values(group, key, option->is_repeatable);
  if (!values) return values.error();
  return Setting{option, file.where(group, key), std::move(*values)};
}

Result<Settings> read_settings(const KeyFile& file) {
  Settings settings;
  for (const std::string& key : file.keys(std::string(options_group))) {
    auto setting = read_setting(file, key);
    if (!setting) return setting.error();
    settings.push_back(std::move(*setting));
  }
  return settings;
}

// All together

/// Merges the sources, strongest first.
class Draft {
 public:
  explicit Draft(OpenSecret open_secrets) { config_.open_secrets = overruled_.open_secrets = open_secrets; }
  Status take(const Settings& settings) {
    for (const Setting& setting : settings) {
      if (auto taken = take(setting); !taken) return taken;
    }
    return success();
  }
  /// Reads the groups other than [voicecast], which only the key file has.
  Status take_groups(const KeyFile& file) { return read_groups(file, config_); }
  /// Checks that involve several options.
  Status finish() { return share_turn_credentials(config_); }
  Status finish_ice() { return choose_ice(config_, sources_.contains(find_option("ice"))); }
  const Config& config() const { return config_; }
  /// The source of an option's value.
  std::string source_of(std::string_view name) const {
    const auto found = sources_.find(find_option(name));
    return found == sources_.end() ? "the default of --" + std::string(name) : found->second;
  }

 private:
  Status take(const Setting& setting) {
    const Option& option = *setting.option;
    Config& target = sources_.emplace(&option, setting.where).second ? config_ : overruled_;
    for (const std::string& value : setting.values) {
      if (option.is_repeatable && value.empty()) continue;
      if (const auto set = option.set(target, value); !set) return error_at(setting.where, set.error().message);
    }
    return success();
  }

  Config config_;
  Config overruled_;  // receives overridden values, so that they are validated
  std::map<const Option*, std::string> sources_;
};

Status take(Draft& draft, const Result<Settings>& settings) {
  if (!settings) return settings.error();
  return draft.take(*settings);
}

Status take_file(Draft& draft, const std::string& path) {
  const auto file = KeyFile::load(path);
  if (!file) return file.error();
  if (auto taken = draft.take_groups(*file); !taken) return taken;
  return take(draft, read_settings(*file));
}

Status check_ports(const Draft& draft) {
  const Config& config = draft.config();
  if (config.port == 0 || config.port != config.audio_port) return success();
  return error_at(draft.source_of("port") + " and " + draft.source_of("audio-port"),
                  "both are " + std::to_string(config.port) + "; they must differ, or be 0 for a free port");
}

bool sets_a_port(const Settings& settings) {
  return std::ranges::any_of(settings, [](const Setting& setting) {
    return setting.option->name == "port" || setting.option->name == "audio-port";
  });
}

}  // namespace

Environment read_environment(const char* const* environ) {
  Environment variables;
  for (; *environ; ++environ) {
    const std::string_view entry = *environ;
    const auto equals = entry.find('=');
    if (!entry.starts_with(variable_prefix) || equals == std::string_view::npos) continue;
    variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

std::variant<Config, PrintAndExit> read_config(std::span<const std::string> arguments, const Environment& environment,
                                               OpenSecret open_secrets) {
  const auto line = parse_command_line(arguments);
  if (!line) return fail(usage_wrong, line.error());
  if (!line->answer.empty()) return PrintAndExit{line->answer};

  Draft draft(open_secrets);
  if (const auto taken = draft.take(line->settings); !taken) return fail(usage_wrong, taken.error());
  if (const auto taken = take(draft, parse_environment(environment)); !taken)
    return fail(anything_wrong, taken.error());
  if (const auto file = draft.config().file) {
    if (const auto taken = take_file(draft, *file); !taken) return fail(anything_wrong, taken.error());
  }
  if (const auto checked = check_ports(draft); !checked) {
    return fail(sets_a_port(line->settings) ? usage_wrong : anything_wrong, checked.error());
  }
  if (const auto finished = draft.finish_ice(); !finished)
    return fail(anything_wrong, error_at(draft.source_of("ice"), finished.error().message));
  if (const auto finished = draft.finish(); !finished)
    return fail(anything_wrong, error_at(draft.source_of("turn-server"), finished.error().message));
  return draft.config();
}

std::filesystem::path state_dir_of(const Config& config) {
  if (config.state_dir) return *config.state_dir;
  if (const char* of_the_unit = g_getenv("STATE_DIRECTORY")) return of_the_unit;
  return std::filesystem::path(g_get_user_state_dir()) / "voicecast";
}

}  // namespace voicecast
