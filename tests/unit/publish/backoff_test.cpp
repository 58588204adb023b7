// SPDX-License-Identifier: MIT
#include "publish/backoff.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToAMinute) {
  Backoff backoff;
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) EXPECT_EQ(backoff.next(), expected);
}

TEST(Backoff, StartsAgainAfterASuccess) {
  Backoff backoff;
  backoff.next();
  backoff.next();
  backoff.reset();
  EXPECT_EQ(backoff.next(), 1s);
}

}  // namespace
}  // namespace voicecast
