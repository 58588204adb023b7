// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace voicecast {

/// Makes gst_init() use a temporary copy of GStreamer's plugin registry: run by root, it would leave a file that the
/// server's user cannot write. Construct it before gst_init() and before other threads: it sets an environment
/// variable. The destructor deletes the copy. Main thread.
class RegistryCopy {
 public:
  RegistryCopy();
  ~RegistryCopy();
  RegistryCopy(const RegistryCopy&) = delete;
  RegistryCopy& operator=(const RegistryCopy&) = delete;
  /// The directory of the server's registry.
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_, copy_;
};

}  // namespace voicecast
