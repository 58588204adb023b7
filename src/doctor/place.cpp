// SPDX-License-Identifier: MIT
#include "doctor/place.hpp"

#include <glib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace voicecast {
namespace {

/// GStreamer's registry of plugins takes two thirds of a megabyte, and all else that is kept less.
constexpr std::uint64_t too_little = 1'000'000;

/// The directory itself, or the one above that is there.
std::filesystem::path what_is_there(const std::filesystem::path& directory) {
  std::error_code problem;
  auto path = std::filesystem::absolute(directory, problem);
  if (problem) return directory;  // there is no working directory that it could be below
  while (!std::filesystem::exists(path, problem) && !problem && path.has_relative_path()) path = path.parent_path();
  return path;
}

}  // namespace

Place look_at_place(const std::filesystem::path& directory) {
  std::error_code problem;
  Place place{directory, std::filesystem::exists(directory, problem), {}, 0, false};
  const auto there = what_is_there(directory);
  if (!std::filesystem::is_directory(there, problem))
    place.why_not = problem ? problem.message() : there.string() + " is not a directory";
  else if (access(there.c_str(), W_OK | X_OK) != 0)
    place.why_not = g_strerror(errno);
  struct statvfs space {};
  if (statvfs(there.c_str(), &space) != 0) return place;
  place.free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
  place.is_full = place.why_not.empty() && place.free_bytes < too_little;
  if (place.is_full) place.why_not = "the disk is full";
  return place;
}

std::string advice_for(const Place& place) {
  return place.is_full ? "Make room on that disk."
                       : "The server's user must own " + place.path.string() + " and all in it: chown.";
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
