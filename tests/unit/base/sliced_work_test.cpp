// SPDX-License-Identifier: MIT
#include "base/sliced_work.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "base/main_loop.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

void run_turn() { g_main_context_iteration(nullptr, TRUE); }

TEST(SlicedWork, RunsLaterAndInOrder) {
  std::vector<int> done;
  for (int i = 0; i < 3; ++i) post_sliced([&done, i] { done.push_back(i); });
  EXPECT_TRUE(done.empty());
  while (done.size() < 3) run_turn();
  EXPECT_EQ(done, (std::vector{0, 1, 2}));
}

TEST(SlicedWork, LetsOthersRunBetween) {
  unsigned done = 0, done_before_other = 0;
  bool is_other_done = false;
  for (unsigned i = 0; i < 20; ++i)
    post_sliced([&] {
      const auto end = std::chrono::steady_clock::now() + 3ms;
      while (std::chrono::steady_clock::now() < end) {  // works for more than a slice
      }
      if (++done > 1) return;
      post([&] {
        done_before_other = done;
        is_other_done = true;
      });
    });
  while (!is_other_done) run_turn();
  EXPECT_LT(done_before_other, 4U);
  while (done < 20) run_turn();
}

TEST(SlicedWork, MayPostMore) {
  unsigned done = 0;
  post_sliced([&done] {
    ++done;
    post_sliced([&done] { ++done; });
  });
  while (done < 2) run_turn();
  EXPECT_FALSE(g_main_context_iteration(nullptr, FALSE));
}

}  // namespace
}  // namespace voicecast
