// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"

namespace voicecast {

/// A key file as it was read: groups of keys. Its errors name the file, the group and the key.
class KeyFile {
 public:
  static Result<KeyFile> load(const std::string& path);

  /// Their names, without the brackets.
  std::vector<std::string> groups() const;
  /// None if the group is not there.
  std::vector<std::string> keys(const std::string& group) const;
  /// The key's value, or all between its semicolons, without the space around them.
  Result<std::vector<std::string>> values(const std::string& group, const std::string& key, bool is_list) const;
  /// Where a key stands, as errors say it.
  std::string where(const std::string& group, std::string_view key) const;
  const std::string& path() const { return path_; }

 private:
  KeyFile(std::string path, GUnique<GKeyFile> file);
  std::string path_;
  GUnique<GKeyFile> file_;
};

/// The group that the options stand in, where errors do not name it.
inline constexpr std::string_view options_group = "voicecast";

}  // namespace voicecast
