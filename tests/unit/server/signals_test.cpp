// SPDX-License-Identifier: MIT
#include "server/signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace voicecast {
namespace {

/// A stopping program with a main loop that is blocked forever.
[[noreturn]] void stand_still(int signal) {
  const Signals signals;
  raise(signal);
  for (;;) pause();
}

class Stop : public testing::TestWithParam<int> {};

TEST_P(Stop, EndsAProgramWithBlockedMainLoop) {
  EXPECT_EXIT(stand_still(GetParam()), testing::ExitedWithCode(exit_status_late), "stopping takes too long");
}

/// Repeated Ctrl-C must not extend the time.
TEST_P(Stop, IsNotRestartedBySignals) {
  EXPECT_EXIT(
      {
        const Signals signals;
        for (;;) raise(GetParam());
      },
      testing::ExitedWithCode(exit_status_late), "stopping takes too long");
}

/// Also in a thread blocked in a system call, like a blocked main loop.
TEST_P(Stop, EndsAProgramBlockedInRead) {
  EXPECT_EXIT(
      {
        int nobody[2];
        if (pipe(nobody) != 0) std::abort();
        const Signals signals;
        raise(GetParam());
        char byte = 0;
        while (read(nobody[0], &byte, 1) != 1) continue;
      },
      testing::ExitedWithCode(exit_status_late), "stopping takes too long");
}

TEST_P(Stop, EndsTheLoop) {
  EXPECT_EXIT(
      {
        Signals signals;
        raise(GetParam());
        signals.run_until_stop([] {});
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(, Stop, testing::Values(SIGINT, SIGTERM));

TEST(Hangup, ReloadsSettings) {
  EXPECT_EXIT(
      {
        int times = 0;
        Signals signals;
        raise(SIGHUP);
        signals.run_until_stop([&times] {
          ++times;
          raise(SIGTERM);
        });
        std::exit(times);
      },
      testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace voicecast
