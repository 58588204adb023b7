// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace voicecast {

/// A directory for output, checked with the current user's permissions.
struct DirectoryFacts {
  std::filesystem::path path;
  bool exists = false;
  std::string error;  ///< Why it cannot be written or created; empty: it can.
  std::uint64_t free_bytes = 0;
  bool is_full = false;  ///< The cause of `error`.
};

/// Checks a directory, or, if it is missing, whether it can be created. Changes nothing. Blocks on the file system.
DirectoryFacts look_at_directory(const std::filesystem::path& directory);

/// The remedy for `error`: a sentence. Pure.
std::string advice_for(const DirectoryFacts& facts);

/// `1.2 GB`, `12 GB`. Pure.
std::string bytes_text(std::uint64_t bytes);

}  // namespace voicecast
