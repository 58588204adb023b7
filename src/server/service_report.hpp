// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "base/main_loop.hpp"

namespace voicecast {

/// Feeds the service manager's watchdog and tells it how it goes, for as long as the main loop turns. Costs nothing
/// where there is no manager. Main thread.
class ServiceReport {
 public:
  /// `line` says how it goes; it is told when it has changed.
  explicit ServiceReport(std::function<std::string()> line);

 private:
  void tell();

  std::function<std::string()> line_;
  std::string told_;
  Timer watchdog_, status_;
};

}  // namespace voicecast
