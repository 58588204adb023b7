// SPDX-License-Identifier: MIT
#include "publish/recordings.hpp"

#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <regex>
#include <utility>

namespace voicecast {
namespace {

constexpr mode_t recording_mode = 0640;

/// Several recordings of one name may start within a second, but not a hundred.
constexpr unsigned max_same_names = 100;

std::filesystem::path numbered(const std::filesystem::path& path, unsigned number) {
  if (number == 1) return path;
  auto name = path.stem().string() + "-" + std::to_string(number) + path.extension().string();
  return path.parent_path() / name;
}

std::string escaped(const std::string& text) {
  return std::regex_replace(text, std::regex(R"([.^$|()\[\]{}*+?\\])"), R"(\$&)");
}

/// A pattern for the names that make_recording() and expand_url() produce.
std::regex pattern_of(const std::filesystem::path& name) {
  auto text = escaped(name.stem().string());
  text = std::regex_replace(text, std::regex(R"(\\\{id\\\})"), "[A-Za-z0-9_-]+");
  text = std::regex_replace(text, std::regex(R"(\\\{time\\\})"), "[0-9]{8}T[0-9]{6}Z");
  return std::regex(text + "(-[0-9]+)?" + escaped(name.extension().string()));
}

}  // namespace

Result<std::filesystem::path> make_recording(const std::filesystem::path& path) {
  for (unsigned number = 1; number <= max_same_names; ++number) {
    const auto candidate = numbered(path, number);
    const int fd = open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, recording_mode);
    if (fd >= 0) {
      close(fd);
      return candidate;
    }
    if (errno != EEXIST) break;
  }
  const int reason = errno;
  if (const auto problem = why_not_recordable(path.parent_path()); !problem.empty())
    return Error{ErrorCode::not_found, problem};
  return Error{ErrorCode::failed,
               reason == ENOSPC ? "the disk is full" : "cannot make the file: " + std::string(g_strerror(reason))};
}

std::string why_not_recordable(const std::filesystem::path& directory) {
  struct stat info {};
  if (stat(directory.c_str(), &info) != 0) return g_strerror(errno);
  if (!S_ISDIR(info.st_mode)) return g_strerror(ENOTDIR);
  return access(directory.c_str(), W_OK | X_OK) == 0 ? "" : g_strerror(errno);
}

std::vector<Recording> find_recordings(const PublishConfig& config) {
  const auto path = file_of(config.url);
  const auto pattern = pattern_of(path.filename());
  std::vector<Recording> found;
  std::error_code problem;
  for (std::filesystem::directory_iterator at(path.parent_path(), problem), end; !problem && at != end;
       at.increment(problem)) {
    struct stat info {};
    if (!std::regex_match(at->path().filename().string(), pattern)) continue;
    if (lstat(at->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    found.push_back(
        {at->path(), static_cast<std::uint64_t>(info.st_size), std::chrono::system_clock::from_time_t(info.st_mtime)});
  }
  return found;
}

std::vector<Recording> surplus(const PublishConfig& config, std::vector<Recording> all,
                               const std::vector<std::filesystem::path>& in_use, const Ages& ages,
                               std::chrono::system_clock::time_point now) {
  for (auto& recording : all)
    if (const auto own = ages.find(recording.path); own != ages.end())
      recording.written_at = now - std::chrono::duration_cast<std::chrono::system_clock::duration>(own->second);
  std::ranges::sort(all, {},
                    [](const Recording& recording) { return std::pair(recording.written_at, recording.path); });
  std::uint64_t total = 0;
  for (const auto& recording : all) total += recording.bytes;
  std::vector<Recording> gone;
  for (const auto& recording : all) {
    const bool is_old = config.max_age.count() > 0 && now - recording.written_at > config.max_age;
    const bool is_too_much = config.max_total_size > 0 && total > config.max_total_size;
    const auto age = now - recording.written_at;
    const bool is_recent = age >= age.zero() && age <= recently;
    const bool is_in_use = is_recent || std::ranges::find(in_use, recording.path) != in_use.end();
    if (is_in_use || (!is_old && !is_too_much)) continue;
    gone.push_back(recording);
    total -= recording.bytes;
  }
  return gone;
}

}  // namespace voicecast
