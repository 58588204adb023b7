// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/config.hpp"
#include "config/key_file.hpp"

namespace voicecast {

/// One key of a group.
struct GroupKey {
  std::string_view name;
  /// Validates and stores one value. The Error names the fault and the valid values.
  Status (*set)(Config&, const std::string& value);
  bool is_list = false;  ///< Values are separated by commas or semicolons; `set` appends each.
};

/// A group of the key file other than [voicecast]; its keys are not command-line options.
struct Group {
  std::string_view name;  ///< `limits` for [limits]; with `begin`, `publish` for any number of [publish.NAME]
  std::span<const GroupKey> keys;
  /// Appends an entry of this name to the Config; the keys' `set` fill the last entry.
  Status (*begin)(Config&, const std::string& name) = nullptr;
  /// Checks that involve several keys, after all keys of the group are set.
  Status (*finish)(Config&) = nullptr;
};

/// All groups but [voicecast]. A new group needs a row here.
std::span<const Group> all_groups();

/// Reads all groups of `file` but [voicecast] into `config`. Errors name the file, the group and the key. Any thread.
Status read_groups(const KeyFile& file, Config& config, std::span<const Group> groups = all_groups());

}  // namespace voicecast
