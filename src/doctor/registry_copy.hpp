// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace voicecast {

/// Lets gst_init() read and write a copy of GStreamer's registry, so that a look at the plugins changes nothing: one by
/// root would leave a file that the server's own user cannot write any more. Before gst_init(), and before other
/// threads, for it sets the environment. The copy goes with this object.
class RegistryCopy {
 public:
  RegistryCopy();
  ~RegistryCopy();
  RegistryCopy(const RegistryCopy&) = delete;
  RegistryCopy& operator=(const RegistryCopy&) = delete;
  /// The directory of the registry that the server would use.
  const std::filesystem::path& place() const { return place_; }

 private:
  std::filesystem::path place_, copy_;
};

}  // namespace voicecast
