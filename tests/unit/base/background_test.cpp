// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace voicecast {
namespace {

TEST(BackgroundQueue, KeepsTheOrder) {
  std::vector<int> done;
  std::promise<void> last;
  {
    BackgroundQueue queue;
    for (int i = 0; i < 100; ++i) queue.run([&done, i] { done.push_back(i); });
    queue.run([&last] { last.set_value(); });
  }  // what was given is done nevertheless
  last.get_future().wait();
  ASSERT_EQ(done.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

/// One that hangs holds up no other queue, not the background thread, and not the end of the program.
TEST(BackgroundQueue, IsIndependentOfOthers) {
  auto gate = std::make_shared<std::promise<void>>();
  BackgroundQueue hanging, other;
  std::promise<void> other_done, background_done, released;
  hanging.run([&released, opened = gate->get_future().share()] {
    opened.wait();
    released.set_value();
  });
  other.run([&other_done] { other_done.set_value(); });
  in_background("a test", [&background_done] { background_done.set_value(); });
  other_done.get_future().wait();
  background_done.get_future().wait();
  finish_background();  // returns, if late
  gate->set_value();
  released.get_future().wait();
}

}  // namespace
}  // namespace voicecast
