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
  /// Checks and stores one value. The Error says what is wrong with it and what is allowed.
  Status (*set)(Config&, const std::string& value);
  bool is_list = false;  ///< Then its values stand between semicolons, and `set` appends each.
};

/// A group of the key file beside [voicecast], whose keys are options of no command line. One row of the table below.
struct Group {
  std::string_view name;  ///< `limits` for [limits]; with `begin`, `publish` for any number of [publish.NAME]
  std::span<const GroupKey> keys;
  /// Puts a new thing of this name into the Config; the keys' `set` then fill the last one.
  Status (*begin)(Config&, const std::string& name) = nullptr;
  /// Checks what no key can tell alone, when all keys of the group are set.
  Status (*finish)(Config&) = nullptr;
};

/// All groups but [voicecast]: whoever adds one adds a row.
std::span<const Group> all_groups();

/// Reads all groups of `file` but [voicecast] into `config`. Errors name the file, the group and the key.
Status read_groups(const KeyFile& file, Config& config, std::span<const Group> groups = all_groups());

}  // namespace voicecast
