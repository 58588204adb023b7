// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

struct SettingsFacts {
  std::string user;  ///< Who asks.
  bool is_root = false;
  std::string file;                  ///< The key file; empty: none.
  std::vector<std::string> notices;  ///< Of reading the settings.
  bool asks_for_tokens = false;
  std::string token_error;  ///< Why tokens cannot be judged, or empty.
};

/// Reads the key of [auth].
SettingsFacts look_at_settings(const Config& config);

/// Pure.
Findings check_settings(const SettingsFacts& facts);

}  // namespace voicecast
