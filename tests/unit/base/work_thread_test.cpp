// SPDX-License-Identifier: MIT
#include "base/work_thread.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <vector>

#include "base/main_loop.hpp"
#include "unit/run_until.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

TEST(WorkThread, KeepsTheOrder) {
  std::vector<int> done;
  {
    WorkThread thread(1h);
    for (int i = 0; i < 100; ++i) thread.run("counting", [&done, i] { done.push_back(i); });
  }
  ASSERT_EQ(done.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

/// Each of several that hang is left alone, one after the other, and what is behind them is done.
TEST(WorkThread, ContinuesBesideBlockedWork) {
  std::promise<void> gate;
  const auto opened = gate.get_future().share();
  std::vector<int> done;
  bool is_last_done = false;
  {
    WorkThread thread(10ms);
    for (int i = 0; i < 3; ++i) thread.run("hanging", [opened] { opened.wait(); });
    for (int i = 0; i < 100; ++i) thread.run("counting", [&done, i] { done.push_back(i); });
    thread.run("the last", [&is_last_done] { post([&is_last_done] { is_last_done = true; }); });
    run_until([&is_last_done] { return is_last_done; });
    gate.set_value();
  }
  ASSERT_EQ(done.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

/// After one has come back, what follows is done in order again, on one thread.
TEST(WorkThread, IsOneThreadAfterBlockedWorkEnds) {
  std::promise<void> gate, back;
  WorkThread thread(10ms);
  thread.run("hanging", [&gate, &back] {
    gate.get_future().wait();
    back.set_value();
  });
  bool is_left = false;
  thread.run("the next", [&is_left] { post([&is_left] { is_left = true; }); });
  run_until([&is_left] { return is_left; });
  gate.set_value();
  back.get_future().wait();
  int at_once = 0, most = 0, count = 0;
  for (int i = 0; i < 50; ++i)
    thread.run("counting", [&] {
      most = std::max(most, ++at_once);
      --at_once;
      post([&count] { ++count; });
    });
  run_until([&count] { return count == 50; });
  EXPECT_EQ(most, 1);
}

/// What the work holds is freed within it, where it may take time.
TEST(WorkThread, ReleasesTheWork) {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> watched = held;
  {
    WorkThread thread(1h);
    thread.run("holding", [held = std::move(held)] {});
  }
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace voicecast
