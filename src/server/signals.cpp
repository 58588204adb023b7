// SPDX-License-Identifier: MIT
#include "server/signals.hpp"

#include <glib-unix.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <utility>

#include "base/log.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// Below the documented 3 s.
constexpr auto stop_limit = 2800ms;

constexpr std::array stop_signals{SIGINT, SIGTERM};

/// State of the signal handlers, which take no argument. They call async-signal-safe functions only (signal-safety(7)).
timer_t limit_timer;
int wake_up = -1;
std::atomic_flag has_begun = ATOMIC_FLAG_INIT;

/// Arms the limit here: the main loop may be blocked.
void begin_to_stop(int) noexcept {
  const int kept = errno;
  constexpr itimerspec limit{{}, {stop_limit / 1s, std::chrono::nanoseconds(stop_limit % 1s).count()}};
  if (!has_begun.test_and_set()) timer_settime(limit_timer, 0, &limit, nullptr);
  constexpr std::uint64_t once = 1;
  static_cast<void>(!write(wake_up, &once, sizeof once));  // full only after many signals
  errno = kept;
}

/// No data is lost: files are written in one step, and peers detect the end.
void give_up(int) noexcept {
  log_from_handler("stopping takes too long: exiting with unfinished work");
  _exit(exit_status_late);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

Signals::Signals() {
  wake_up = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  timer_create(CLOCK_MONOTONIC, &event, &limit_timer);
  has_begun.clear();
  handle(SIGALRM, give_up);
  for (const int signal : stop_signals) handle(signal, begin_to_stop);
  sources_ = {g_unix_fd_add(wake_up, G_IO_IN, on_stop, this), g_unix_signal_add(SIGHUP, on_hangup, this)};
}

Signals::~Signals() {
  for (const int signal : stop_signals) handle(signal, SIG_DFL);
  for (const auto source : sources_) g_source_remove(source);
  timer_delete(limit_timer);
  close(wake_up);
}

void Signals::run_until_stop(const std::function<void()>& reload) {
  while (!has_stopped_) {
    if (std::exchange(has_hung_up_, false)) reload();
    g_main_context_iteration(nullptr, TRUE);
  }
}

gboolean Signals::on_stop(int descriptor, GIOCondition, gpointer self) {
  std::uint64_t times = 0;
  static_cast<void>(!read(descriptor, &times, sizeof times));
  static_cast<Signals*>(self)->has_stopped_ = true;
  return G_SOURCE_CONTINUE;
}

gboolean Signals::on_hangup(gpointer self) {
  static_cast<Signals*>(self)->has_hung_up_ = true;
  return G_SOURCE_CONTINUE;
}

}  // namespace voicecast
