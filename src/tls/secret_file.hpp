// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// Reads a file of 1 MiB at most. Errors are one line that names the file; `not_found` if there is none. Any thread.
Result<std::string> read_file(const std::filesystem::path& file);

/// What is done about the permissions that others have on a secret.
enum class OpenSecret { close, leave };

/// As read_file(), for what only its owner may read: takes the permissions away that others have, unless they are to be
/// left, and adds a notice.
Result<std::string> read_secret(const std::filesystem::path& file, std::vector<std::string>& notices,
                                OpenSecret open_secret = OpenSecret::close);

/// Replaces the file in one step that survives a power cut: readers see the old text or the new. Any thread.
Status replace_file(const std::filesystem::path& file, std::string_view text, int mode);

/// Makes the directory, for its owner only; one that exists stays as it is.
Status make_directory(const std::filesystem::path& directory);

/// Keeps other threads and processes that take the same lock out of a directory, for the life of this object. Where
/// the file system has no such locks (NFS) there is none: better to serve.
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
