// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// The input of check_settings().
struct SettingsFacts {
  std::string user;  ///< The current user.
  bool is_root = false;
  std::string file;                  ///< The key file, or empty.
  std::vector<std::string> notices;  ///< Warnings of read_config().
  bool requires_tokens = false;
  std::string token_error;  ///< Why tokens cannot be verified, or empty.
};

/// Reads the key of [auth]. Blocks on files.
SettingsFacts look_at_settings(const Config& config);

/// Pure.
Findings check_settings(const SettingsFacts& facts);

}  // namespace voicecast
