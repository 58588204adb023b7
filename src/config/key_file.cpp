// SPDX-License-Identifier: MIT
#include "config/key_file.hpp"

#include <glib.h>

#include <memory>
#include <utility>

#include "base/text.hpp"

namespace voicecast {
namespace {

struct FreeStrings {
  void operator()(char** p) const { g_strfreev(p); }
};
using Strings = std::unique_ptr<char*[], FreeStrings>;

std::vector<std::string> copies_of(const Strings& strings) {
  std::vector<std::string> copies;
  for (gsize i = 0; strings && strings[i]; ++i) copies.emplace_back(strings[i]);
  return copies;
}

/// A hint for a common mistake: a key before the first group.
const char* group_missing(const GError* error) {
  const bool is_missing = g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND) ||
                          std::string_view(error->message).find("start with a group") != std::string_view::npos;
  return is_missing ? ": write [voicecast] above the first key" : "";
}

}  // namespace

Result<KeyFile> KeyFile::load(const std::string& path) {
  GUnique<GKeyFile> file(g_key_file_new());
  GError* raw = nullptr;
  // Without the flag GLib ignores a key such as port[de] instead of reporting it.
  if (!g_key_file_load_from_file(file.get(), path.c_str(), G_KEY_FILE_KEEP_TRANSLATIONS, &raw))
    return take_error(raw, path + group_missing(raw));
  return KeyFile(path, std::move(file));
}

KeyFile::KeyFile(std::string path, GUnique<GKeyFile> file) : path_(std::move(path)), file_(std::move(file)) {}

std::vector<std::string> KeyFile::groups() const {
  return copies_of(Strings(g_key_file_get_groups(file_.get(), nullptr)));
}

std::vector<std::string> KeyFile::keys(const std::string& group) const {
  return copies_of(Strings(g_key_file_get_keys(file_.get(), group.c_str(), nullptr, nullptr)));
}

Result<std::vector<std::string>> KeyFile::values(const std::string& group, const std::string& key, bool is_list) const {
  GError* raw = nullptr;
  std::vector<std::string> values;
  if (is_list) {
    const Strings list(g_key_file_get_string_list(file_.get(), group.c_str(), key.c_str(), nullptr, &raw));
    for (const auto& some : copies_of(list))  // between semicolons, GKeyFile's own separator
      for (const auto value : split(some, ',')) values.emplace_back(trimmed(value));
  } else {
    const GUnique<char> value(g_key_file_get_string(file_.get(), group.c_str(), key.c_str(), &raw));
    if (value) values.emplace_back(trimmed(value.get()));
  }
  if (raw) return take_error(raw, where(group, key));
  return values;
}

std::string KeyFile::where(const std::string& group, std::string_view key) const {
  const auto in_group = group == options_group ? "" : "[" + group + "]: ";
  return path_ + ": " + in_group + "key " + std::string(key);
}

}  // namespace voicecast
