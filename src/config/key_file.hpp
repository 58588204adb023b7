// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"

namespace voicecast {

/// A parsed key file (GKeyFile): groups of keys. Errors name the file, the group and the key. Load it off the media
/// threads: it blocks on the file.
class KeyFile {
 public:
  static Result<KeyFile> load(const std::string& path);

  /// The groups' names, without brackets.
  std::vector<std::string> groups() const;
  /// Empty for a missing group.
  std::vector<std::string> keys(const std::string& group) const;
  /// The key's value, or its values between semicolons; trimmed.
  Result<std::vector<std::string>> values(const std::string& group, const std::string& key, bool is_list) const;
  /// A key's place, for errors.
  std::string where(const std::string& group, std::string_view key) const;
  const std::string& path() const { return path_; }

 private:
  KeyFile(std::string path, GUnique<GKeyFile> file);
  std::string path_;
  GUnique<GKeyFile> file_;
};

/// The group of the options; errors omit its name.
inline constexpr std::string_view options_group = "voicecast";

}  // namespace voicecast
