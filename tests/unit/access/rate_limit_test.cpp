// SPDX-License-Identifier: MIT
#include "access/rate_limit.hpp"

#include <gtest/gtest.h>

#include "access/client_address.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

const RateLimit::Time start{1000h};

TEST(RateLimit, ABurstAndThenOneEachInterval) {
  RateLimit limit(3, 5s);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.refuse("a", start));
  EXPECT_DOUBLE_EQ(limit.refuse("a", start)->count(), 5);
  EXPECT_DOUBLE_EQ(limit.refuse("a", start + 2s)->count(), 3);
  EXPECT_FALSE(limit.refuse("a", start + 5s));
  EXPECT_TRUE(limit.refuse("a", start + 5s));
}

TEST(RateLimit, BucketFillsUpToItsBurst) {
  RateLimit limit(2, 1s);
  EXPECT_FALSE(limit.refuse("a", start));
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(limit.refuse("a", start + 1h));
  EXPECT_TRUE(limit.refuse("a", start + 1h));
}

TEST(RateLimit, EachHasABucket) {
  RateLimit limit(1, 1s);
  EXPECT_FALSE(limit.refuse("a", start));
  EXPECT_FALSE(limit.refuse("b", start));
  EXPECT_TRUE(limit.refuse("a", start));
}

TEST(RateLimit, ZeroBurstIsOff) {
  RateLimit limit(0, 1s);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limit.refuse("a", start));
  EXPECT_EQ(limit.size(), 0U);
}

TEST(RateLimit, ManyAddressesCostNoMoreThanItsTable) {
  RateLimit limit(1, 1h);
  for (std::size_t i = 0; i < 10 * RateLimit::max_keys; ++i) {
    limit.refuse(std::to_string(i), start);
    if (i % 1000 == 0) {
      EXPECT_TRUE(limit.refuse("steady", start) || i == 0);  // who keeps coming is remembered
    }
  }
  EXPECT_EQ(limit.size(), RateLimit::max_keys);
}

TEST(RateLimit, ChangesWhileInUse) {
  RateLimit limit(0, 1s);
  EXPECT_FALSE(limit.refuse("a", start));
  limit.change(1, 5s);
  EXPECT_FALSE(limit.refuse("a", start));
  EXPECT_EQ(limit.refuse("a", start), 5s);
  limit.change(1, 2s);
  EXPECT_FALSE(limit.refuse("a", start + 2s));
}

const auto near = counting_key(*parse_address("192.168.1.1")), far = counting_key(*parse_address("192.0.2.1"));

TEST(RateLimit, HasAnotherRateForTheLocalNetwork) {
  RateLimit limit({1, 5s}, {3, 1s});
  EXPECT_FALSE(limit.refuse(far, start));
  EXPECT_EQ(limit.refuse(far, start), 5s);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.refuse(near, start));
  EXPECT_EQ(limit.refuse(near, start), 1s);
  limit.change({1, 5s}, {0, 0s});
  EXPECT_TRUE(limit.refuse(far, start));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limit.refuse(near, start));
}

TEST(Tally, HasAnotherLimitForTheLocalNetwork) {
  Tally tally({1, 2});
  for (const auto& key : {near, far}) tally.add(key);
  EXPECT_TRUE(tally.is_full(far));
  EXPECT_FALSE(tally.is_full(near));
  tally.add(near);
  EXPECT_TRUE(tally.is_full(near));
  tally.change({1, 0});
  EXPECT_FALSE(tally.is_full(near));
  tally.change({1, {}});  // the same everywhere
  EXPECT_TRUE(tally.is_full(near));
}

TEST(Tally, ChangesWhileInUse) {
  Tally tally(2);
  tally.add("a");
  tally.change(1);
  EXPECT_TRUE(tally.is_full("a"));
  tally.change(2);
  EXPECT_FALSE(tally.is_full("a"));
}

TEST(Tally, CountsUpToItsLimitAndExpires) {
  Tally tally(2);
  tally.add("a");
  EXPECT_FALSE(tally.is_full("a"));
  tally.add("a");
  EXPECT_TRUE(tally.is_full("a"));
  EXPECT_FALSE(tally.is_full("b"));
  tally.remove("a");
  EXPECT_FALSE(tally.is_full("a"));
  Tally off(0);
  off.add("a");
  EXPECT_FALSE(off.is_full("a"));
}

}  // namespace
}  // namespace voicecast
