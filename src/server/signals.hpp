// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <array>
#include <functional>

namespace voicecast {

/// The exit status where stopping takes too long (EX_TEMPFAIL of sysexits.h).
inline constexpr int exit_status_late = 75;

/// SIGINT and SIGTERM stop the program, SIGHUP has it read its settings. Made before anybody is told that it listens,
/// for they may come at once. Main thread, one at a time.
///
/// From the first signal to stop on the program has 2.8 s to its end, even where the main loop stands still: then it
/// exits with exit_status_late and one line in the log.
class Signals {
 public:
  Signals();
  Signals(const Signals&) = delete;
  ~Signals();
  /// Runs the loop, and `reload` at each SIGHUP; one that came before is done first.
  void run_until_stop(const std::function<void()>& reload);

 private:
  static gboolean on_stop(int descriptor, GIOCondition, gpointer self);
  static gboolean on_hangup(gpointer self);

  bool has_stopped_ = false, has_hung_up_ = false;
  std::array<guint, 2> sources_;
};

}  // namespace voicecast
