// SPDX-License-Identifier: MIT
#include "server/token_command.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "access/token.hpp"
#include "config/amount.hpp"

namespace voicecast {
namespace {

constexpr const char* usage =
    "Usage: voicecast token [--publish] [--listen '*'|ID,ID] [--admin] --for TIME [--key FILE] [--config FILE]\n"
    "Prints a token for [auth] mode=token.\n\n"
    "  --publish      Permit sending.\n"
    "  --listen '*'   Permit listening to every stream, or to a comma-separated list of ids.\n"
    "  --admin        Permit /metrics and /debug from another machine.\n"
    "  --for TIME     The token's lifetime: 90s, 30min, 12h, 30d.\n"
    "  --key FILE     Sign with this secret (HS256) or private key in PEM (ES256, RS256).\n"
    "  --config FILE  Without --key: sign with the secret-file of this key file's group [auth].\n";

/// The parsed command line.
struct Request {
  Grant grant{false, false, false, {}, {}};
  std::optional<std::string> key_file, config_file;
  bool wants_help = false;
};

Error wrong(std::string words) { return {ErrorCode::bad_message, std::move(words) + "; see voicecast token --help"}; }

void set_listen(Grant& grant, std::string_view list) {
  while (!list.empty()) {
    const auto id = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), id.size() + 1));
    if (id == "*")
      grant.may_listen_to_all = true;
    else if (!id.empty())
      grant.streams.emplace_back(id);
  }
}

/// Handles the options with an argument.
Status take_value(Request& request, std::string_view name, const std::string& value) {
  if (name == "--listen") {
    set_listen(request.grant, value);
  } else if (name == "--for") {
    const auto time = parse_duration(value);
    if (!time) return wrong("--for: \"" + value + "\" is not a time, such as 90s, 30min, 12h or 30d");
    request.grant.expires = std::chrono::system_clock::now() + *time;
  } else if (name == "--key") {
    request.key_file = value;
  } else if (name == "--config") {
    request.config_file = value;
  } else {
    return wrong('"' + std::string(name) + "\": unknown option");
  }
  return success();
}

Result<Request> parse(std::span<const std::string> arguments) {
  Request request;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--publish") {
      request.grant.may_publish = true;
    } else if (name == "--admin") {
      request.grant.may_administrate = true;
    } else if (name == "--help") {
      request.wants_help = true;
    } else if (const auto equals = name.find('='); equals != std::string::npos) {
      if (auto taken = take_value(request, name.substr(0, equals), name.substr(equals + 1)); !taken)
        return taken.error();
    } else if (i + 1 < arguments.size()) {
      if (auto taken = take_value(request, name, arguments[++i]); !taken) return taken.error();
    } else {
      return wrong('"' + name + "\": unknown option, or its argument is missing");
    }
  }
  return request;
}

Status check(const Request& request) {
  if (!request.grant.expires) return wrong("lifetime missing: give --for TIME");
  const Grant& grant = request.grant;
  if (grant.may_publish || grant.may_administrate || grant.may_listen()) return success();
  return wrong("permission missing: give --publish, --listen or --admin");
}

/// The path of the signing key.
Result<std::string> key_file(const Request& request, const Environment& environment) {
  if (request.key_file) return *request.key_file;
  std::vector<std::string> arguments;
  if (request.config_file) arguments = {"--config", *request.config_file};
  const auto config = read_config(arguments, environment);
  if (const auto* exit = std::get_if<PrintAndExit>(&config)) {
    auto line = exit->text;
    line.pop_back();  // its newline
    return Error{ErrorCode::failed, line};
  }
  const auto& auth = std::get<Config>(config).auth;
  if (!auth.secret_file.empty()) return auth.secret_file.string();
  return wrong("signing key missing: give --key FILE, or --config FILE with a secret-file in its group [auth]");
}

Result<std::string> token_as_told(const Request& request, const Environment& environment) {
  if (auto checked = check(request); !checked) return checked.error();
  const auto path = key_file(request, environment);
  if (!path) return path.error();
  const auto key = read_key_file(*path);
  if (!key) return key.error();
  return make_token(request.grant, *key);
}

PrintAndExit fail(const Error& error) {
  return {"voicecast token: " + error.message + '\n', error.code == ErrorCode::bad_message ? 2 : 1, true};
}

}  // namespace

PrintAndExit run_token_command(std::span<const std::string> arguments, const Environment& environment) {
  const auto request = parse(arguments);
  if (!request) return fail(request.error());
  if (request->wants_help) return {usage};
  const auto token = token_as_told(*request, environment);
  return token ? PrintAndExit{*token + '\n'} : fail(token.error());
}

}  // namespace voicecast
