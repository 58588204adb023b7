// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace voicecast {

/// A directory to write to, as this user finds it.
struct Place {
  std::filesystem::path path;
  bool exists = false;
  std::string why_not;  ///< Why nothing can be written there, or the directory not be made; empty where it can.
  std::uint64_t free_bytes = 0;
  bool is_full = false;  ///< Which is the reason of why_not.
};

/// Asks the file system, of a directory that is not there yet whether it could be made. Changes nothing. Blocks.
Place look_at_place(const std::filesystem::path& directory);

/// What to do where nothing can be written: a sentence.
std::string advice_for(const Place& place);

/// "1.2 GB", "12 GB"
std::string bytes_text(std::uint64_t bytes);

}  // namespace voicecast
