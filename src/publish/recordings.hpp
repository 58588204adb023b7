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

/// A file that a group of file:// has written.
struct Recording {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::chrono::system_clock::time_point written_at;  ///< when last

  bool operator==(const Recording&) const = default;
};

/// Makes an empty file at `path`, or beside it as "NAME-2.mp3" and so on, but never touches one that is there. Readable
/// to its owner and group. ErrorCode::not_found: nothing can be written into its directory, and why. Blocks.
Result<std::filesystem::path> make_recording(const std::filesystem::path& path);

/// Why nothing can be recorded into a directory; empty if it can. Blocks.
std::string why_not_recordable(const std::filesystem::path& directory);

/// Those files of the URL's directory whose names the group may have given. Blocks.
std::vector<Recording> find_recordings(const PublishConfig& config);

/// What was written so recently may still be: a file that has just been made is not known to be in use yet.
constexpr std::chrono::minutes recently{1};

/// Since when this run does no more write what it wrote, by a clock that does not jump.
using Ages = std::map<std::filesystem::path, std::chrono::nanoseconds>;

/// Those that are too old, and the oldest of those that are too much together. What is `in_use` or was written
/// `recently` counts, but stays; what is dated in the future is the newest. The dates of what is in `ages` do not
/// count: the machine's clock may have been set meanwhile. Pure.
std::vector<Recording> surplus(const PublishConfig& config, std::vector<Recording> all,
                               const std::vector<std::filesystem::path>& in_use, const Ages& ages,
                               std::chrono::system_clock::time_point now);

}  // namespace voicecast
