// SPDX-License-Identifier: MIT
#include "doctor/registry_copy.hpp"

#include <glib.h>

#include <string_view>
#include <system_error>

#include "base/ptr.hpp"

namespace voicecast {
namespace {

namespace fs = std::filesystem;

/// The variables of gst_update_registry(), by precedence.
constexpr const char* variables[] = {"GST_REGISTRY_1_0", "GST_REGISTRY"};

/// The newest registry of the user's cache: its name contains the processor's name in GStreamer's build.
fs::path newest_in(const fs::path& directory) {
  fs::path newest;
  std::error_code problem;
  for (fs::directory_iterator at(directory, problem), end; !problem && at != end; at.increment(problem)) {
    const auto name = at->path().filename().string();
    if (!name.starts_with("registry.") || !name.ends_with(".bin")) continue;
    if (newest.empty() || fs::last_write_time(at->path(), problem) > fs::last_write_time(newest, problem))
      newest = at->path();
  }
  return newest;
}

/// The file from the environment; empty: the user's cache.
fs::path named_file() {
  for (const auto* variable : variables)
    if (const char* file = g_getenv(variable)) return file;
  return {};
}

}  // namespace

RegistryCopy::RegistryCopy() {
  auto file = named_file();
  std::error_code problem;
  directory_ =
      file.empty() ? fs::path(g_get_user_cache_dir()) / "gstreamer-1.0" : fs::absolute(file, problem).parent_path();
  if (file.empty()) file = newest_in(directory_);
  const GUnique<char> directory(g_dir_make_tmp("voicecast-doctor-XXXXXX", nullptr));
  if (!directory) return;  // without space for a copy, the check uses the original
  copy_ = directory.get();
  std::error_code none_yet;
  fs::copy_file(file, copy_ / "registry.bin", none_yet);
  g_setenv(variables[0], (copy_ / "registry.bin").c_str(), TRUE);
}

RegistryCopy::~RegistryCopy() {
  std::error_code problem;
  if (!copy_.empty()) fs::remove_all(copy_, problem);
}

}  // namespace voicecast
