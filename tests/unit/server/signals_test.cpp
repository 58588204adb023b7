// SPDX-License-Identifier: MIT
#include "server/signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace voicecast {
namespace {

/// The main loop of a program that was told to stop stands still for ever.
[[noreturn]] void stand_still(int signal) {
  const Signals signals;
  raise(signal);
  for (;;) pause();
}

class Stop : public testing::TestWithParam<int> {};

TEST_P(Stop, EndsAProgramWithBlockedMainLoop) {
  EXPECT_EXIT(stand_still(GetParam()), testing::ExitedWithCode(exit_status_late), "stopping takes too long");
}

/// Somebody who presses Ctrl-C again and again must not have to wait the longer.
TEST_P(Stop, IsNotRestartedBySignals) {
  EXPECT_EXIT(
      {
        const Signals signals;
        for (;;) raise(GetParam());
      },
      testing::ExitedWithCode(exit_status_late), "stopping takes too long");
}

/// Not even the thread that is in the middle of a system call, which is where a main loop stands still.
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
