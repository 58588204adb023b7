#include "config.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "glib/ptr.hpp"
#include "glib/result.hpp"
#include "options.hpp"

namespace voicecast {
namespace {

constexpr std::string_view variable_prefix = "VOICECAST_";
constexpr const char* key_file_group = "voicecast";

constexpr int anything_wrong = 1;
constexpr int usage_wrong = 2;

/// What one source says about one option.
struct Setting {
  const Option* option;
  std::string where;  ///< As errors name it.
  std::vector<std::string> values;
};
using Settings = std::vector<Setting>;

struct CommandLine {
  Settings settings;
  std::string answer;  ///< What --help or --version prints; empty if neither was asked for.
};

Error error_at(std::string_view where, std::string_view what) {
  return {ErrorCode::failed, std::string(where) + ": " + std::string(what)};
}

PrintAndExit fail(int status, const Error& error) {
  std::string line = error.message;
  std::ranges::replace_if(
      line, [](char c) { return g_ascii_iscntrl(c); }, ' ');  // names and values may hold any
  return {line + '\n', status, true};
}

std::string answer_to(const Option& option) {
  return option.name == "help" ? help_text() : "voicecast " VOICECAST_VERSION "\n";
}

// The command line

/// One argument, taken apart: `--name` or `--name=value`.
struct Word {
  std::string_view name;
  std::optional<std::string> value;
};

Word take_apart(std::string_view argument) {
  if (!argument.starts_with("--")) return {};
  argument.remove_prefix(2);
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos) return {argument, std::nullopt};
  return {argument.substr(0, equals), std::string(argument.substr(equals + 1))};
}

/// All values of an option are one setting, so that a list is replaced as a whole.
void add_value(Settings& settings, const Option& option, std::string value) {
  auto setting = std::ranges::find(settings, &option, &Setting::option);
  if (setting == settings.end()) {
    settings.push_back({&option, "--" + std::string(option.name), {}});
    setting = std::prev(settings.end());
  }
  setting->values.push_back(std::move(value));
}

/// Takes the first option, and the argument after it if it has one, off `arguments`.
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
    add_value(line.settings, *option, *value);
  } else if (arguments.empty() || arguments.front().starts_with("--")) {
    return error_at(where, "needs an argument: " + where + ' ' + std::string(option->argument));
  } else {
    add_value(line.settings, *option, arguments.front());
    arguments = arguments.subspan(1);
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

std::string trimmed(std::string text) {
  g_strstrip(text.data());
  text.resize(std::char_traits<char>::length(text.c_str()));
  return text;
}

std::vector<std::string> split(std::string_view list, char separator) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const auto part = list.substr(0, list.find(separator));
    parts.push_back(trimmed(std::string(part)));
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
      return error_at(in_quotes(variable), "unknown variable; there is one for each option of voicecast --help");
    settings.push_back({option, variable, option->is_repeatable ? split(value, ',') : std::vector{value}});
  }
  return settings;
}

// The key file

struct FreeStrings {
  void operator()(char** p) const { g_strfreev(p); }
};
using Strings = std::unique_ptr<char*[], FreeStrings>;

Result<GUnique<GKeyFile>> load(const std::string& path) {
  GUnique<GKeyFile> file(g_key_file_new());
  GError* raw = nullptr;
  // Without the flag a key such as port[de] would be dropped, not refused.
  if (!g_key_file_load_from_file(file.get(), path.c_str(), G_KEY_FILE_KEEP_TRANSLATIONS, &raw))
    return take_error(raw, path);
  return file;
}

Result<std::vector<std::string>> read_values(GKeyFile* file, const Setting& setting) {
  const std::string key(setting.option->name);
  GError* raw = nullptr;
  std::vector<std::string> values;
  if (setting.option->is_repeatable) {
    const Strings list(g_key_file_get_string_list(file, key_file_group, key.c_str(), nullptr, &raw));
    for (gsize i = 0; list && list[i]; ++i) values.push_back(trimmed(list[i]));
  } else {
    const GUnique<char> value(g_key_file_get_string(file, key_file_group, key.c_str(), &raw));
    if (value) values.push_back(trimmed(value.get()));
  }
  if (raw) return take_error(raw, setting.where);
  return values;
}

Status check_groups(GKeyFile* file, const std::string& path) {
  const Strings groups(g_key_file_get_groups(file, nullptr));
  for (gsize i = 0; groups[i]; ++i) {
    if (std::string_view(groups[i]) == key_file_group) continue;
    return error_at(path + ": group " + in_quotes(groups[i]), "unknown group; all keys stand in [voicecast]");
  }
  return success();
}

Result<Setting> read_setting(GKeyFile* file, const std::string& path, const char* key) {
  const std::string where = path + ": key ";
  const Option* option = find_option(key);
  if (!option || option->scope != Scope::everywhere) {
    return error_at(where + in_quotes(key), "unknown key; there is one for each option of voicecast --help");
  }
  Setting setting{option, where + key, {}};
  auto values = read_values(file, setting);
  if (!values) return values.error();
  setting.values = std::move(*values);
  return setting;
}

Result<Settings> parse_key_file(const std::string& path) {
  const auto file = load(path);
  if (!file) return file.error();
  if (const auto checked = check_groups(file->get(), path); !checked) return checked.error();
  const Strings keys(g_key_file_get_keys(file->get(), key_file_group, nullptr, nullptr));
  Settings settings;
  for (gsize i = 0; keys && keys[i]; ++i) {
    auto setting = read_setting(file->get(), path, keys[i]);
    if (!setting) return setting.error();
    settings.push_back(std::move(*setting));
  }
  return settings;
}

// All together

/// Takes the sources in turn, the strongest first.
class Draft {
 public:
  Status take(const Settings& settings) {
    for (const Setting& setting : settings) {
      if (auto taken = take(setting); !taken) return taken;
    }
    return success();
  }
  const Config& config() const { return config_; }
  /// Where the value of an option came from.
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
  Config overruled_;  // takes what is checked but does not count
  std::map<const Option*, std::string> sources_;
};

Status take(Draft& draft, const Result<Settings>& settings) {
  if (!settings) return settings.error();
  return draft.take(*settings);
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

std::variant<Config, PrintAndExit> read_config(std::span<const std::string> arguments, const Environment& environment) {
  const auto line = parse_command_line(arguments);
  if (!line) return fail(usage_wrong, line.error());
  if (!line->answer.empty()) return PrintAndExit{line->answer};

  Draft draft;
  if (const auto taken = draft.take(line->settings); !taken) return fail(usage_wrong, taken.error());
  if (const auto taken = take(draft, parse_environment(environment)); !taken)
    return fail(anything_wrong, taken.error());
  if (const auto file = draft.config().file) {
    if (const auto taken = take(draft, parse_key_file(*file)); !taken) return fail(anything_wrong, taken.error());
  }
  if (const auto checked = check_ports(draft); !checked) {
    return fail(sets_a_port(line->settings) ? usage_wrong : anything_wrong, checked.error());
  }
  return draft.config();
}

}  // namespace voicecast
