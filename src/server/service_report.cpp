// SPDX-License-Identifier: MIT
#include "server/service_report.hpp"

#include <utility>

#include "server/service_manager.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// Fresh enough for `systemctl status`.
constexpr auto status_interval = 5s;

/// Resets per timeout: one may be late (sd_watchdog_enabled(3) recommends half of the timeout).
constexpr int feeds_in_a_limit = 3;

}  // namespace

ServiceReport::ServiceReport(std::function<std::string()> line) : line_(std::move(line)) {
  if (const auto limit = service_manager::watchdog_limit()) {
    service_manager::feed_watchdog();
    watchdog_ = every(std::chrono::duration_cast<std::chrono::milliseconds>(*limit / feeds_in_a_limit), [] {
      service_manager::feed_watchdog();
      return true;
    });
  }
  if (!service_manager::is_there()) return;
  report();
  status_ = every(status_interval, [this] {
    report();
    return true;
  });
}

void ServiceReport::report() {
  const auto line = line_();
  if (std::exchange(told_, line) != line) service_manager::tell_status(line);
}

}  // namespace voicecast
