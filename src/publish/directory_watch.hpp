// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/background.hpp"
#include "base/main_loop.hpp"

namespace voicecast {

/// Checks at once and periodically whether a directory is writable: it may be on a removable disk. Main thread; the
/// file system, which may block, is checked on the background thread.
class DirectoryWatch {
 public:
  /// Called on the main loop with an error, or with an empty text once the directory is writable again.
  using OnChange = std::function<void(const std::string& problem)>;

  DirectoryWatch(std::filesystem::path directory, OnChange on_change);
  ~DirectoryWatch();

  /// Reports an error found elsewhere: effective at once, until the next periodic check.
  void note(const std::string& problem);

  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

 private:
  struct State;
  static void look(const std::shared_ptr<State>& state, BackgroundQueue& queue);

  std::shared_ptr<State> state_;
  BackgroundQueue queue_;
  Timer timer_;
};

}  // namespace voicecast
