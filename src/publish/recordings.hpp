// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/publish_config.hpp"

namespace voicecast {

/// A file written by a recording group.
struct Recording {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::chrono::system_clock::time_point written_at;  ///< the time of the last write

  bool operator==(const Recording&) const = default;
};

/// Makes an empty file at `path`, or beside it as "NAME-2.mp3" and so on, but never touches one that is there. Readable
/// to its owner and group. ErrorCode::not_found: nothing can be written into its directory, and why. Blocks.
Result<std::filesystem::path> make_recording(const std::filesystem::path& path);

/// Why a directory is not writable; empty if it is. Blocks.
std::string why_not_recordable(const std::filesystem::path& directory);

/// The files of the URL's directory that match the group's names. Blocks.
std::vector<Recording> find_recordings(const PublishConfig& config);

/// A file written so recently may be in use: a new file is not yet known as such.
constexpr std::chrono::minutes recently{1};

/// The time since this process's last write to a file, by a monotonic clock.
using Ages = std::map<std::filesystem::path, std::chrono::nanoseconds>;

/// The recordings to delete: those beyond the maximal age, and the oldest beyond the total size. Files `in_use` or
/// written `recently` count, but stay; those dated in the future are the newest. `ages` override the files' dates: the
/// clock may have been set meanwhile. Pure.
std::vector<Recording> surplus(const PublishConfig& config, std::vector<Recording> all,
                               const std::vector<std::filesystem::path>& in_use, const Ages& ages,
                               std::chrono::system_clock::time_point now);

}  // namespace voicecast
