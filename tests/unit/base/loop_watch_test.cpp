// SPDX-License-Identifier: MIT
#include "base/loop_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/main_loop.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

TEST(LoopWatch, MeasuresDelays) {
  std::vector<double> rounds;
  const LoopWatch watch([&rounds](std::chrono::duration<double> busy) { rounds.push_back(busy.count()); });
  bool is_done = false;
  const auto quick = after(50ms, [&is_done] {  // the wait for it is no work
    post([&is_done] {
      std::this_thread::sleep_for(30ms);
      post([&is_done] { is_done = true; });
    });
  });
  while (!is_done) g_main_context_iteration(nullptr, TRUE);
  g_main_context_iteration(nullptr, FALSE);
  ASSERT_FALSE(rounds.empty());
  EXPECT_EQ(std::ranges::count_if(rounds, [](double busy) { return busy >= 0.030; }), 1);
}

}  // namespace
}  // namespace voicecast
