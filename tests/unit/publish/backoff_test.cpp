// SPDX-License-Identifier: MIT
#include "publish/backoff.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

constexpr Backoff::Time now{};

TEST(Backoff, DoublesUpToAMinute) {
  Backoff backoff;
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) EXPECT_EQ(backoff.next(now), expected);
}

TEST(Backoff, StartsAgainAfterAGoodConnection) {
  Backoff backoff;
  backoff.next(now);
  backoff.next(now);
  backoff.on_connected(now);
  EXPECT_EQ(backoff.next(now + Backoff::good_connection), 4s);
  backoff.on_connected(now);
  EXPECT_EQ(backoff.next(now + Backoff::good_connection + 1ms), 1s);
  EXPECT_EQ(backoff.next(now + 1h), 2s) << "a connection counts once";
}

}  // namespace
}  // namespace voicecast
