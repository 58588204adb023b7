// SPDX-License-Identifier: MIT
#include "doctor/directory_facts.hpp"

#include <glib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace voicecast {
namespace {

/// GStreamer's plugin registry takes 0.7 MB; other state takes less.
constexpr std::uint64_t too_little = 1'000'000;

/// The directory itself, or its closest existing parent.
std::filesystem::path existing_parent(const std::filesystem::path& directory) {
  std::error_code problem;
  auto path = std::filesystem::absolute(directory, problem);
  if (problem) return directory;  // the working directory is gone
  while (!std::filesystem::exists(path, problem) && !problem && path.has_relative_path()) path = path.parent_path();
  return path;
}

}  // namespace

DirectoryFacts look_at_directory(const std::filesystem::path& directory) {
  std::error_code problem;
  DirectoryFacts facts{directory, std::filesystem::exists(directory, problem), {}, 0, false};
  const auto there = existing_parent(directory);
  if (!std::filesystem::is_directory(there, problem))
    facts.error = problem ? problem.message() : there.string() + " is not a directory";
  else if (access(there.c_str(), W_OK | X_OK) != 0)
    facts.error = g_strerror(errno);
  struct statvfs space {};
  if (statvfs(there.c_str(), &space) != 0) return facts;
  facts.free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
  facts.is_full = facts.error.empty() && facts.free_bytes < too_little;
  if (facts.is_full) facts.error = "the disk is full";
  return facts;
}

std::string advice_for(const DirectoryFacts& facts) {
  return facts.is_full ? "Free space on that disk."
                       : "The server's user must own " + facts.path.string() + " and its files: use chown.";
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array units{"kB", "MB", "GB", "TB"};
  auto number = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; number >= 1000 && unit + 1 < units.size(); ++unit) number /= 1000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), number < 10 ? "%.1f %s" : "%.0f %s", number, units[unit]);
  return text.data();
}

}  // namespace voicecast
