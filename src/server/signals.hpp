// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <array>
#include <functional>

namespace voicecast {

/// The exit status if stopping takes too long (EX_TEMPFAIL of sysexits.h).
inline constexpr int exit_status_late = 75;

/// SIGINT and SIGTERM stop the program, SIGHUP reloads its settings. Construct it before the ports are announced: a
/// signal may come at once. Main thread; one instance at a time.
///
/// The program exits within 2.8 s of the first stop signal, even if the main loop is blocked: then with
/// exit_status_late and one line in the log.
class Signals {
 public:
  Signals();
  Signals(const Signals&) = delete;
  ~Signals();
  /// Runs the main loop, and `reload` at each SIGHUP, including an earlier one.
  void run_until_stop(const std::function<void()>& reload);

 private:
  static gboolean on_stop(int descriptor, GIOCondition, gpointer self);
  static gboolean on_hangup(gpointer self);

  bool has_stopped_ = false, has_hung_up_ = false;
  std::array<guint, 2> sources_;
};

}  // namespace voicecast
