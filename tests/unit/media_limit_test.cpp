#include "media/media_limit.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using Verdict = MediaLimit::Verdict;

const MediaLimit::Time start{1000h};
constexpr unsigned opus = 111;

std::string rtp(unsigned payload_type = opus, char ssrc = 1) {
  std::string packet(12, '\0');
  packet[0] = '\x80';
  packet[1] = static_cast<char>(payload_type);
  packet[11] = ssrc;
  return packet;
}

TEST(MediaLimit, AVoicePasses) {
  MediaLimit limit(1000, opus);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(limit.judge(rtp(), 200, start + i * 20ms), Verdict::pass);
}

TEST(MediaLimit, WhatIsSentAgainHasAPayloadTypeOfItsOwn) {
  MediaLimit limit(1000, opus, 112);
  EXPECT_EQ(limit.judge(rtp(opus), 200, start), Verdict::pass);
  EXPECT_EQ(limit.judge(rtp(112, 2), 200, start), Verdict::pass);
  EXPECT_EQ(limit.judge(rtp(113, 2), 200, start), Verdict::drop);
}

TEST(MediaLimit, WhatIsNoRtpPasses) {
  MediaLimit limit(1000, opus);
  for (const std::string& packet : {std::string("\x16\xfe\xfd", 3), std::string(12, '\0'), rtp(72), std::string()})
    EXPECT_EQ(limit.judge(packet, 100, start), Verdict::pass);  // DTLS, STUN, RTCP, nothing
}

TEST(MediaLimit, AFloodIsDroppedAndEnded) {
  MediaLimit limit(1000, opus);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(limit.judge(rtp(), 200, start), Verdict::pass);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(limit.judge(rtp(), 200, start), Verdict::drop);
  EXPECT_EQ(limit.judge(rtp(), 200, start), Verdict::end);
  EXPECT_EQ(limit.reason(), "it sends more than 1000 packets a second");
}

TEST(MediaLimit, EachThatEndsIsCountedOnce) {
  const auto before = MediaLimit::ended_count();
  for (int peer = 0; peer < 2; ++peer) {
    MediaLimit limit(1, opus);
    while (limit.judge(rtp(), 200, start) != Verdict::end) {
    }
    limit.judge(rtp(), 200, start);
  }
  EXPECT_EQ(MediaLimit::ended_count() - before, 2U);
}

TEST(MediaLimit, AfterASecondItCountsAnew) {
  MediaLimit limit(100, opus);
  for (int second = 0; second < 3; ++second)
    for (int i = 0; i < 100; ++i) EXPECT_EQ(limit.judge(rtp(), 200, start + second * 1s), Verdict::pass);
}

TEST(MediaLimit, ThePacketOf2048BytesPassesAndOneByteMoreDoesNot) {
  MediaLimit limit(1000, opus);
  EXPECT_EQ(limit.judge(rtp(), max_packet_bytes, start), Verdict::pass);
  EXPECT_EQ(limit.judge(rtp(), max_packet_bytes + 1, start), Verdict::drop);
}

TEST(MediaLimit, FourSourcesPassAndAFifthDoesNot) {
  MediaLimit limit(1000, opus);
  for (char ssrc = 1; ssrc <= 4; ++ssrc) EXPECT_EQ(limit.judge(rtp(opus, ssrc), 200, start), Verdict::pass);
  EXPECT_EQ(limit.judge(rtp(opus, 5), 200, start), Verdict::drop);
  EXPECT_EQ(limit.judge(rtp(opus, 1), 200, start), Verdict::pass);
}

TEST(MediaLimit, OtherPayloadTypesAreToleratedForAWhile) {
  MediaLimit limit(1000, opus);
  for (unsigned i = 0; i < MediaLimit::tolerated_bad_packets; ++i)
    EXPECT_EQ(limit.judge(rtp(96), 200, start), Verdict::drop);
  EXPECT_EQ(limit.judge(rtp(opus), 200, start), Verdict::pass);
  EXPECT_EQ(limit.judge(rtp(96), 200, start), Verdict::end);
}

}  // namespace
}  // namespace voicecast
