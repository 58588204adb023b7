// SPDX-License-Identifier: MIT
#include "rtp/packet_filter.hpp"

#include <gtest/gtest.h>

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

const PacketFilter::Time start{1000h};
constexpr unsigned opus = 111, picture = 106, limit = 1000;
constexpr std::uint32_t ours = 0xCAFEBABE;

using Head = std::vector<std::uint8_t>;

Head rtp(unsigned payload_type = opus, std::uint32_t ssrc = ours) {
  Head head(PacketFilter::head_bytes);
  head[0] = 0x80;
  head[1] = static_cast<std::uint8_t>(payload_type);
  write_u32(&head[rtp_ssrc_at], ssrc);
  return head;
}

Head rtcp(std::uint32_t ssrc = ours) {
  auto head = rtp(201);
  write_u32(&head[rtcp_ssrc_at], ssrc);
  return head;
}

Head dtls() { return {22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0}; }

class Look : public testing::Test {
 protected:
  std::optional<DropReason> judge(const Head& head, std::size_t size = 100, PacketFilter::Time now = start) {
    return filter_.judge(head, size, now);
  }
  /// How many of so many at one moment pass.
  unsigned passing(unsigned count, const Head& head, PacketFilter::Time now = start) {
    unsigned passing = 0;
    for (unsigned i = 0; i < count; ++i) passing += !judge(head, 100, now);
    return passing;
  }
  PacketFilter filter_{limit};
};

TEST_F(Look, ReportsTheReason) {
  EXPECT_EQ(judge({}, 0), DropReason::malformed);
  EXPECT_EQ(judge({0x80}, 1), DropReason::malformed);
  EXPECT_EQ(judge({0, 1, 0, 0}, 100), DropReason::malformed) << "STUN, which the agent has answered";
  EXPECT_EQ(judge(Head(12, 0xFF)), DropReason::malformed);
  EXPECT_EQ(judge(rtp(), max_packet_bytes), std::nullopt);
  EXPECT_EQ(judge(rtp(), max_packet_bytes + 1), DropReason::oversized);
}

TEST_F(Look, AVoiceAndItsReportsPass) {
  filter_.rtp_sources().add(ours);
  for (int i = 0; i < 5000; ++i) {
    EXPECT_EQ(judge(rtp(), 100, start + i * 20ms), std::nullopt);
    if (i % 50 == 0) {
      EXPECT_EQ(judge(rtcp(), 100, start + i * 20ms), std::nullopt);
    }
  }
}

TEST_F(Look, DeclinedVideoDoesNotCount) {
  std::bitset<128> declined;
  declined.set(picture);
  declined.set(107);
  filter_.decline(declined);
  filter_.rtp_sources().add(ours);
  for (int i = 0; i < 100000; ++i) {
    ASSERT_EQ(judge(rtp(picture, 2222)), DropReason::declined);
    ASSERT_EQ(judge(rtp(0x80 | 107, 2223)), DropReason::declined) << "with a marker";
  }
  EXPECT_EQ(judge(rtp()), std::nullopt);
  EXPECT_EQ(judge(rtp(opus, 7)), std::nullopt);
}

TEST_F(Look, UnknownSenderDoesNotUsePeersLimit) {
  filter_.rtp_sources().add(ours);
  filter_.rtcp_sources().add(ours + 1);
  for (unsigned i = 0; i < 100000; ++i) {
    judge(rtp(opus, 1000 + i % 5000));
    judge(rtp(i % 64, i));
    judge(rtcp(5000 + i % 1000));
    judge(dtls());
  }
  EXPECT_EQ(passing(100, rtp()), 100U);
  EXPECT_EQ(passing(50, rtcp(ours)), 50U);
  EXPECT_EQ(passing(50, rtcp(ours + 1)), 50U);
}

TEST_F(Look, AFloodIsBounded) {
  filter_.rtp_sources().add(ours);
  for (const auto& head : {rtp(), rtp(opus, 7), rtcp(), rtcp(7), dtls()}) EXPECT_LE(passing(10000, head), 150U);
}

/// Behind it they are counted: who sends twice as many is ended.
TEST_F(Look, FloodOfPeerPassesUpToItsLimit) {
  filter_.rtp_sources().add(ours);
  unsigned passed = 0;
  for (int i = 0; i < 100000; ++i) passed += !judge(rtp(), 100, start + i * 10us);
  EXPECT_GT(passed, 2 * limit);
  EXPECT_LE(passed, 3 * limit + 150);
}

TEST_F(Look, AcceptsPacketsAfterFlood) {
  passing(10000, rtp(opus, 7));
  EXPECT_EQ(judge(rtp(opus, 7)), DropReason::rate);
  EXPECT_EQ(judge(rtp(opus, 7), 100, start + 1s), std::nullopt);
}

TEST(KnownSources, FourAreKnownAndAFifthIsNot) {
  KnownSources sources;
  EXPECT_FALSE(sources.has(0));
  for (std::uint32_t ssrc = 0; ssrc < KnownSources::max; ++ssrc) {
    EXPECT_TRUE(sources.add(ssrc));
    EXPECT_TRUE(sources.has(ssrc));
  }
  EXPECT_FALSE(sources.add(99));
  EXPECT_FALSE(sources.has(99));
}

}  // namespace
}  // namespace voicecast
