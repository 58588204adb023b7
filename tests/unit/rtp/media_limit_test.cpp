// SPDX-License-Identifier: MIT
#include "rtp/media_limit.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using Verdict = MediaLimit::Verdict;

const MediaLimit::Time start{1000h};
constexpr unsigned opus = 111;

TEST(MediaLimit, AVoicePasses) {
  MediaLimit limit(1000, opus);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(limit.judge(opus, start + i * 20ms), Verdict::pass);
}

TEST(MediaLimit, RetransmissionHasOwnPayloadType) {
  MediaLimit limit(1000, opus, 112);
  EXPECT_EQ(limit.judge(opus, start), Verdict::pass);
  EXPECT_EQ(limit.judge(112, start), Verdict::pass);
  EXPECT_EQ(limit.judge(113, start), Verdict::drop);
  EXPECT_TRUE(limit.is_voice(opus) && limit.is_agreed(112));
  EXPECT_FALSE(limit.is_voice(112) || limit.is_agreed(113));
}

TEST(MediaLimit, AFloodIsDroppedAndEnded) {
  MediaLimit limit(1000, opus);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(limit.judge(opus, start), Verdict::pass);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(limit.judge(opus, start), Verdict::drop);
  EXPECT_EQ(limit.judge(opus, start), Verdict::end);
  EXPECT_EQ(limit.reason(), "it sends more than 1000 packets a second");
}

TEST(MediaLimit, EachEndedPeerIsCountedOnce) {
  const auto before = MediaLimit::ended_count();
  for (int peer = 0; peer < 2; ++peer) {
    MediaLimit limit(1, opus);
    while (limit.judge(opus, start) != Verdict::end) {
    }
    limit.judge(opus, start);
  }
  EXPECT_EQ(MediaLimit::ended_count() - before, 2U);
}

TEST(MediaLimit, AfterASecondItCountsAnew) {
  MediaLimit limit(100, opus);
  for (int second = 0; second < 3; ++second)
    for (int i = 0; i < 100; ++i) EXPECT_EQ(limit.judge(opus, start + second * 1s), Verdict::pass);
}

TEST(MediaLimit, OtherPayloadTypesAreToleratedBriefly) {
  MediaLimit limit(1000, opus);
  for (unsigned i = 0; i < MediaLimit::tolerated_bad_packets; ++i) EXPECT_EQ(limit.judge(96, start), Verdict::drop);
  EXPECT_EQ(limit.judge(opus, start), Verdict::pass);
  EXPECT_EQ(limit.judge(96, start), Verdict::end);
  EXPECT_EQ(limit.reason(), "it sends RTP with a payload type that was not agreed on");
}

TEST(MediaLimit, SurplusSourcesAreToleratedBriefly) {
  MediaLimit limit(1000, opus);
  for (unsigned i = 0; i < MediaLimit::tolerated_bad_packets; ++i) EXPECT_EQ(limit.judge_source(start), Verdict::drop);
  EXPECT_EQ(limit.judge_source(start + 1s), Verdict::drop);
  for (unsigned i = 1; i < MediaLimit::tolerated_bad_packets; ++i) limit.judge_source(start + 1s);
  EXPECT_EQ(limit.judge_source(start + 1s), Verdict::end);
  EXPECT_EQ(limit.reason(), "it sends from more than 4 sources (SSRC)");
}

}  // namespace
}  // namespace voicecast
