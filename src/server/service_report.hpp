// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "base/main_loop.hpp"

namespace voicecast {

/// Resets the service manager's watchdog and reports the status line, from the main loop. Idle without a service
/// manager. Main thread.
class ServiceReport {
 public:
  /// `line` returns the status line, which is sent when it has changed.
  explicit ServiceReport(std::function<std::string()> line);

 private:
  void report();

  std::function<std::string()> line_;
  std::string told_;
  Timer watchdog_, status_;
};

}  // namespace voicecast
