// SPDX-License-Identifier: MIT
#include "tls/clock.hpp"

#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

namespace voicecast {
namespace {

/// systemd-timesyncd creates it when it has set the clock for the first time after boot.
constexpr const char* timesyncd_file = "/run/systemd/timesync/synchronized";

}  // namespace

std::optional<bool> is_clock_synchronized() {
  if (access(timesyncd_file, F_OK) == 0) return true;
  timex clock{};  // modes 0: only queries
  const int state = adjtimex(&clock);
  if (state < 0) return std::nullopt;
  return state != TIME_ERROR && !(clock.status & STA_UNSYNC);
}

TimePoint time_of_program() {
  struct stat status {};
  if (stat("/proc/self/exe", &status) != 0) return {};
  return std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec);
}

}  // namespace voicecast
