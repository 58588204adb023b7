// SPDX-License-Identifier: MIT
#include "whip/ended_sessions.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

const EndedSessions::Time start{1h};

TEST(EndedSessions, AreKnownOnce) {
  EndedSessions ended;
  ended.add("a", start);
  EXPECT_FALSE(ended.take("b", start));
  EXPECT_TRUE(ended.take("a", start));
  EXPECT_FALSE(ended.take("a", start));
}

TEST(EndedSessions, AreForgottenInTime) {
  EndedSessions ended;
  ended.add("a", start);
  ended.add("b", start + 1s);
  ended.add("c", start + 2s);
  EXPECT_TRUE(ended.take("b", start + EndedSessions::kept_for));
  EXPECT_FALSE(ended.take("a", start + EndedSessions::kept_for));
  EXPECT_TRUE(ended.take("c", start + EndedSessions::kept_for));
}

TEST(EndedSessions, AreBounded) {
  EndedSessions ended;
  for (std::size_t i = 0; i <= EndedSessions::max_count; ++i) ended.add(std::to_string(i), start);
  EXPECT_FALSE(ended.take("0", start));
  EXPECT_TRUE(ended.take("1", start));
  EXPECT_TRUE(ended.take(std::to_string(EndedSessions::max_count), start));
}

}  // namespace
}  // namespace voicecast
