// SPDX-License-Identifier: MIT
#include "rtp/voice_switch.hpp"

#include <gtest/gtest.h>

#include <array>

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

const VoiceSwitch::Time start{1000h};

class Switch : public testing::Test {
 protected:
  auto map(std::uint32_t ssrc, unsigned sequence, std::uint32_t timestamp, std::chrono::milliseconds at) {
    std::array<std::uint8_t, 12> header{0x80, 111};
    write_u16(&header[2], sequence & 0xFFFF);
    write_u32(&header[4], timestamp);
    write_u32(&header[8], ssrc);
    return voice_.map(header, start + at);
  }
  VoiceSwitch voice_;
};

TEST_F(Switch, TheFirstSourceIsUntouched) {
  for (unsigned i = 0; i < 70000; ++i) {
    const auto mapped = map(1, 65000 + i, 960 * i, i * 20ms);
    ASSERT_TRUE(mapped && !mapped->is_changed);
  }
  EXPECT_FALSE(voice_.has_switched());
}

TEST_F(Switch, AnotherSourceIsDroppedWhileActive) {
  ASSERT_TRUE(map(1, 10, 0, 0ms));
  EXPECT_FALSE(map(2, 500, 77, 199ms));
  EXPECT_TRUE(map(1, 11, 960, 199ms));
  EXPECT_FALSE(map(2, 501, 77, 398ms));
}

TEST_F(Switch, AnotherSourceReplacesIt) {
  map(1, 65534, 0xFFFFFF00, 0ms);
  map(1, 65535, 0xFFFFFF00 + 960, 20ms);
  const auto first = map(2, 7, 1'000'000, 520ms);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->ssrc, 1U);
  EXPECT_EQ(first->sequence, 0);
  EXPECT_EQ(first->timestamp, 0xFFFFFF00 + 960 + 24000) << "half a second later on a clock of 48 kHz";
  EXPECT_TRUE(first->is_changed);
  const auto second = map(2, 8, 1'000'960, 540ms);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->sequence, 1);
  EXPECT_EQ(second->timestamp, first->timestamp + 960);
}

TEST_F(Switch, FormerSourceReturnsAfterTheOther) {
  map(1, 100, 0, 0ms);
  map(2, 900, 0, 300ms);
  map(2, 901, 960, 320ms);
  EXPECT_FALSE(map(1, 101, 960, 330ms)) << "late, or both talk";
  const auto back = map(1, 102, 1920, 600ms);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->sequence, 103) << "behind the two of the other";
}

TEST_F(Switch, LatePacketsDoNotSwitchBack) {
  map(1, 100, 9600, 0ms);
  map(1, 98, 7680, 1ms);
  EXPECT_EQ(map(2, 0, 0, 300ms)->sequence, 101);
}

TEST_F(Switch, ReportsAreOfTheVoice) {
  EXPECT_FALSE(voice_.map_report(1, 5)) << "before its first packet";
  map(1, 100, 0, 0ms);
  EXPECT_EQ(voice_.map_report(1, 5)->timestamp, 5U);
  EXPECT_FALSE(voice_.map_report(2, 5));
  map(2, 0, 1000, 1000ms);
  const auto report = voice_.map_report(2, 1960);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->ssrc, 1U);
  EXPECT_EQ(report->timestamp, 48000U + 960);
  EXPECT_FALSE(voice_.map_report(1, 5));
}

}  // namespace
}  // namespace voicecast
