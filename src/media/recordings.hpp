#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "glib/result.hpp"
#include "publish_config.hpp"

namespace voicecast {

/// A file that a group of file:// has written.
struct Recording {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::chrono::system_clock::time_point written_at;  ///< when last

  bool operator==(const Recording&) const = default;
};

/// Makes an empty file at `path`, or beside it as "NAME-2.mp3" and so on, but never touches one that is there. Readable
/// to the owner and his group. Blocks.
Result<std::filesystem::path> make_recording(const std::filesystem::path& path);

/// Those files of the URL's directory whose names the group may have given. Blocks.
std::vector<Recording> find_recordings(const PublishConfig& config);

/// What was written so recently may still be: a file that has just been made is not known to be in use yet.
constexpr std::chrono::minutes recently{1};

/// Those that are too old, and the oldest of those that are too much together. What is `in_use` or was written
/// `recently` counts, but stays. Pure.
std::vector<Recording> surplus(const PublishConfig& config, std::vector<Recording> all,
                               const std::vector<std::filesystem::path>& in_use,
                               std::chrono::system_clock::time_point now);

}  // namespace voicecast
