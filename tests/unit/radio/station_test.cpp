// SPDX-License-Identifier: MIT

/// The ring shared by listeners, and the bursts of players.

#include <gtest/gtest.h>

#include <string>

#include "radio/frame_ring.hpp"
#include "radio/player.hpp"
#include "radio/playlist.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

GPtr<GBytes> frame_of(std::size_t size) {
  const std::string text(size, 'x');
  return GPtr<GBytes>::adopt(g_bytes_new(text.data(), text.size()));
}

TEST(FrameRing, NumbersFramesAndDropsTheOldest) {
  FrameRing ring(1000, 26ms);
  EXPECT_EQ(ring.begin(), 0U);
  EXPECT_EQ(ring.end(), 0U);
  for (int i = 0; i < 25; ++i) ring.push(frame_of(100));
  EXPECT_EQ(ring.end(), 25U);
  EXPECT_EQ(ring.begin(), 15U) << "a thousand bytes are held, and no more";
  EXPECT_EQ(g_bytes_get_size(ring.at(15).get()), 100U);
}

TEST(FrameRing, KeepsAFrameLargerThanItsCapacity) {
  FrameRing ring(10, 26ms);
  ring.push(frame_of(100));
  EXPECT_EQ(ring.begin(), 0U);
  EXPECT_EQ(g_bytes_get_size(ring.at(0).get()), 100U);
}

TEST(FrameRing, GoesBackByWholeFrames) {
  FrameRing ring(1000, 26ms);
  for (int i = 0; i < 25; ++i) ring.push(frame_of(100));
  EXPECT_EQ(ring.back_by(0).number, 25U);
  EXPECT_EQ(ring.back_by(99).number, 25U);
  EXPECT_EQ(ring.back_by(100).number, 24U);
  EXPECT_EQ(ring.back_by(350).bytes, 300U);
  EXPECT_EQ(ring.back_by(5000).number, 15U) << "no more than is held";
  EXPECT_EQ(ring.back_by(5000).bytes, 1000U);
}

TEST(Player, GetsItsBufferSize) {
  constexpr auto firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0";
  constexpr auto cast = "Mozilla/5.0 (X11; Linux aarch64) AppleWebKit/537.36 Chrome/90.0 Safari/537.36 CrKey/1.56";
  EXPECT_GT(usual_burst_bytes(firefox, false, 128), 32U * 1024);
  EXPECT_LT(usual_burst_bytes(firefox, false, 128), 40U * 1024);
  EXPECT_GT(usual_burst_bytes(firefox, false, 320), 64U * 1024);
  EXPECT_EQ(usual_burst_bytes(cast, false, 128), max_burst_bytes);
  for (const auto* player : {"VLC/3.0.24 LibVLC/3.0.24", "Lavf/59.27.100", "mpg123/1.31.2", "curl/7.88.1", ""})
    EXPECT_LT(usual_burst_bytes(player, true, 128), 4096U) << player;
  EXPECT_LT(usual_burst_bytes("Lavf/59.27.100", false, 128), 4096U);
}

TEST(Player, MayRequestABurst) {
  EXPECT_EQ(parse_burst("0"), 0U);
  EXPECT_EQ(parse_burst("524288"), 524288U);
  for (const auto* wrong : {"", "524289", "-1", "1k", " 1", "99999999999999999999"})
    EXPECT_FALSE(parse_burst(wrong)) << wrong;
}

TEST(Playlist, HasOneEndlessEntry) {
  EXPECT_EQ(m3u("http://host:8081/stream/latest.mp3", "Küche"),
            "#EXTM3U\n#EXTINF:-1,Küche\nhttp://host:8081/stream/latest.mp3\n");
  EXPECT_EQ(pls("http://host:8081/stream/latest.mp3", "Küche"),
            "[playlist]\nNumberOfEntries=1\nFile1=http://host:8081/stream/latest.mp3\nTitle1=Küche\nLength1=-1\n"
            "Version=2\n");
}

}  // namespace
}  // namespace voicecast
