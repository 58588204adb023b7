// SPDX-License-Identifier: MIT
#include "config/auth_group.hpp"

#include "config/options.hpp"

namespace voicecast {
namespace {

Status set_mode(Config& config, const std::string& value) {
  if (value != "none" && value != "token") return Error{ErrorCode::failed, in_quotes(value) + " is not none or token"};
  config.auth.is_on = value == "token";
  return success();
}

template <std::filesystem::path AuthConfig::*member>
Status set_path(Config& config, const std::string& value) {
  config.auth.*member = value;
  return success();
}

constexpr GroupKey keys[] = {
    {"mode", set_mode},
    {"secret-file", set_path<&AuthConfig::secret_file>},
    {"public-key-file", set_path<&AuthConfig::public_key_file>},
};

Status finish(Config& config) {
  const AuthConfig& auth = config.auth;
  if (!auth.is_on || auth.secret_file.empty() != auth.public_key_file.empty()) return success();
  return Error{ErrorCode::failed, "mode=token needs secret-file or public-key-file, one of them"};
}

}  // namespace

Group auth_group() { return {.name = "auth", .keys = keys, .finish = finish}; }

}  // namespace voicecast
