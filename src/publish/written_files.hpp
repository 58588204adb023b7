// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "publish/recordings.hpp"

namespace voicecast {

/// The times of this process's last writes to recordings, by a monotonic clock. Main thread.
class WrittenFiles {
 public:
  /// Marks a file as being written.
  void note(const std::filesystem::path& file) {
    written_at_[file] = Clock::now();
    if (written_at_.size() > max_files) written_at_.erase(std::ranges::min_element(written_at_, {}, &Entry::second));
  }
  Ages ages() const {
    Ages ages;
    for (const auto& [file, at] : written_at_) ages[file] = Clock::now() - at;
    return ages;
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Entry = std::pair<const std::filesystem::path, Clock::time_point>;
  /// 2 MB of memory; older files use their dates.
  static constexpr std::size_t max_files = 10000;
  std::map<std::filesystem::path, Clock::time_point> written_at_;
};

}  // namespace voicecast
