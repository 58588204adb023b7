// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// Reads a regular file of 1 MiB at most. The Error is one line that names the file; `not_found` if it does not exist.
/// Any thread.
Result<std::string> read_file(const std::filesystem::path& file);

/// Whether to remove the permissions of other users on a secret.
enum class OpenSecret { close, leave };

/// As read_file(), for a secret: removes the permissions of other users, unless they are to be left, and adds a notice.
Result<std::string> read_secret(const std::filesystem::path& file, std::vector<std::string>& notices,
                                OpenSecret open_secret = OpenSecret::close);

/// Replaces the file atomically, also across a power failure: readers see the old text or the new. The Error names the
/// file. Any thread.
Status replace_file(const std::filesystem::path& file, std::string_view text, int mode);

/// Creates the directory with mode 0700 and its parents; an existing one stays unchanged. Any thread.
Status make_directory(const std::filesystem::path& directory);

/// An exclusive lock on a directory against other threads and processes that use it, for the life of this object. Any
/// thread; blocks. Without effect on a file system without such locks (some NFS): serving comes first.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int fd_;
};

}  // namespace voicecast
