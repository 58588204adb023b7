// SPDX-License-Identifier: MIT
#include "audio/mp3_frame.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

std::string header(unsigned second, unsigned third, unsigned fourth) {
  return {'\xff', static_cast<char>(second), static_cast<char>(third), static_cast<char>(fourth)};
}

struct HeaderCase {
  std::string bytes;
  unsigned bitrate_kbps;
  unsigned channels;
  bool is_padded;
  std::size_t frame_bytes;
};

class Mp3HeaderOf : public testing::TestWithParam<HeaderCase> {};

TEST_P(Mp3HeaderOf, IsRead) {
  const auto& c = GetParam();
  const auto parsed = parse_mp3_header(c.bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->bitrate_kbps, c.bitrate_kbps);
  EXPECT_EQ(parsed->sample_rate_hz, 44100u);
  EXPECT_EQ(parsed->channels, c.channels);
  EXPECT_EQ(parsed->is_padded, c.is_padded);
  EXPECT_EQ(parsed->frame_bytes, c.frame_bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Valid, Mp3HeaderOf,
    testing::Values(HeaderCase{header(0xfb, 0x90, 0x64), 128, 2, false, 417},  // as LAME writes it
                    HeaderCase{header(0xfb, 0x92, 0x64), 128, 2, true, 418},
                    HeaderCase{header(0xfa, 0x90, 0x64), 128, 2, false, 417},  // with a CRC
                    HeaderCase{header(0xfb, 0x91, 0x00), 128, 2, false, 417},  // private bit, plain stereo
                    HeaderCase{header(0xfb, 0x90, 0x84), 128, 2, false, 417},  // two channels of their own
                    HeaderCase{header(0xfb, 0x90, 0xc4), 128, 1, false, 417},
                    HeaderCase{header(0xfb, 0x10, 0xc1), 32, 1, false, 104},
                    HeaderCase{header(0xfb, 0x50, 0x64), 64, 2, false, 208},
                    HeaderCase{header(0xfb, 0xe2, 0x64), 320, 2, true, 1045}));

TEST(Mp3Header, ReadsNoMoreThanFourBytes) { EXPECT_TRUE(parse_mp3_header(header(0xfb, 0x90, 0x64) + "\xff\xff")); }

TEST(Mp3Header, RefusesOtherFormats) {
  EXPECT_FALSE(parse_mp3_header(""));
  EXPECT_FALSE(parse_mp3_header("\xff\xfb\x90"));
  EXPECT_FALSE(parse_mp3_header("ID3\x04"));
  EXPECT_FALSE(parse_mp3_header("\xfe\xfb\x90\x64")) << "sync word";
  EXPECT_FALSE(parse_mp3_header(header(0xdb, 0x90, 0x64))) << "sync word";
  EXPECT_FALSE(parse_mp3_header(header(0xf3, 0x90, 0x64))) << "MPEG-2";
  EXPECT_FALSE(parse_mp3_header(header(0xe3, 0x90, 0x64))) << "MPEG-2.5";
  EXPECT_FALSE(parse_mp3_header(header(0xfd, 0x90, 0x64))) << "Layer II";
  EXPECT_FALSE(parse_mp3_header(header(0xff, 0x90, 0x64))) << "Layer I";
  EXPECT_FALSE(parse_mp3_header(header(0xf9, 0x90, 0x64))) << "reserved layer";
  EXPECT_FALSE(parse_mp3_header(header(0xfb, 0x00, 0x64))) << "free format";
  EXPECT_FALSE(parse_mp3_header(header(0xfb, 0xf0, 0x64))) << "forbidden bitrate";
  EXPECT_FALSE(parse_mp3_header(header(0xfb, 0x94, 0x64))) << "48 kHz";
  EXPECT_FALSE(parse_mp3_header(header(0xfb, 0x98, 0x64))) << "32 kHz";
  EXPECT_FALSE(parse_mp3_header(header(0xfb, 0x9c, 0x64))) << "reserved sample rate";
  EXPECT_FALSE(parse_mp3_header(header(0xfb, 0x90, 0x66))) << "reserved emphasis";
}

class SilentFrame : public testing::TestWithParam<unsigned> {};

TEST_P(SilentFrame, IsOneWholeFrameWithNothingToDecode) {
  const auto frame = silent_frame(GetParam());
  const auto parsed = parse_mp3_header(frame);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->bitrate_kbps, GetParam());
  EXPECT_EQ(parsed->channels, 2u);
  EXPECT_EQ(parsed->frame_bytes, frame.size());
  EXPECT_EQ(frame.size(), 144000 * GetParam() / 44100);
  EXPECT_EQ(frame[1] & 1, 1) << "no CRC";
  EXPECT_TRUE(std::all_of(frame.begin() + 4, frame.end(), [](char c) { return c == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Bitrates, SilentFrame,
                         testing::Values(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320));

TEST(SilentFrameOf, InvalidBitrateIsEmpty) {
  for (const unsigned kbps : {0u, 1u, 31u, 100u, 127u, 129u, 144u, 321u, 384u, 448u})
    EXPECT_EQ(silent_frame(kbps), "") << kbps;
}

/// A frame of 128 kb/s whose audio begins `main_data_begin` bytes before it, filled with 0x55.
std::string voiced_frame(unsigned main_data_begin, unsigned second = 0xfb, unsigned fourth = 0x64) {
  std::string frame = header(second, 0x90, fourth) + std::string(413, '\x55');
  const std::size_t side_info = second & 1 ? 4 : 6;
  frame[side_info] = static_cast<char>(main_data_begin >> 1);
  frame[side_info + 1] = static_cast<char>((main_data_begin & 1) << 7 | 0x55);
  return frame;
}

/// The muted frame: header, main data and main_data_begin, without audio.
std::string muted(std::string frame, std::size_t side_info_end, unsigned main_data_begin = 0) {
  std::fill(frame.begin() + 4, frame.begin() + static_cast<std::ptrdiff_t>(side_info_end), '\0');
  frame[4] = static_cast<char>(main_data_begin >> 1);
  frame[5] = static_cast<char>((main_data_begin & 1) << 7);
  return frame;
}

TEST(CleanJoin, PassesNewEncoderUnchanged) {
  CleanJoin join;
  for (const unsigned main_data_begin : {0u, 381u, 511u, 0u})
    EXPECT_EQ(join.pass(voiced_frame(main_data_begin)), voiced_frame(main_data_begin));
}

TEST(CleanJoin, MutesFramesThatReferBack) {
  CleanJoin join;
  EXPECT_EQ(join.pass(voiced_frame(1)), muted(voiced_frame(1), 36));
  EXPECT_EQ(join.pass(voiced_frame(382)), muted(voiced_frame(382), 36, 381)) << "one frame holds 381 bytes";
  EXPECT_EQ(join.pass(voiced_frame(511)), voiced_frame(511)) << "two hold enough";
}

TEST(CleanJoin, CountsTheMainDataOfMutedFrames) {
  CleanJoin join;
  (void)join.pass(voiced_frame(511));
  EXPECT_EQ(join.pass(voiced_frame(381)), voiced_frame(381));
}

TEST(CleanJoin, KnowsMono) {
  CleanJoin join;
  const auto mono = [](unsigned main_data_begin) { return voiced_frame(main_data_begin, 0xfb, 0xc4); };
  EXPECT_EQ(join.pass(mono(396)), muted(mono(396), 21));
  EXPECT_EQ(join.pass(mono(396)), mono(396)) << "417 bytes less 4 of header and 17 of side information";
}

TEST(CleanJoin, RemovesCrcOfMutedFrame) {
  CleanJoin join;
  auto expected = muted(voiced_frame(1, 0xfa), 38);
  expected[1] = '\xfb';
  EXPECT_EQ(join.pass(voiced_frame(1, 0xfa)), expected);
  EXPECT_EQ(join.pass(voiced_frame(379, 0xfa)), voiced_frame(379, 0xfa));
}

TEST(CleanJoin, PassesIncompleteFrames) {
  CleanJoin join;
  for (const std::string& other : {std::string(), std::string("ID3\x04"), voiced_frame(1).substr(0, 416),
                                   voiced_frame(1) + '\0', header(0xfb, 0x94, 0x64) + std::string(380, 'x')})
    EXPECT_EQ(join.pass(other), other);
  EXPECT_EQ(join.pass(voiced_frame(1)), muted(voiced_frame(1), 36)) << "none of it was main data";
}

TEST(SilencePacer, GivesAFrameAfterItsTime) {
  SilencePacer pacer;  // a frame lasts 26,122,448.98 ns
  EXPECT_EQ(pacer.due(0ns), 0u);
  EXPECT_EQ(pacer.due(26'122'448ns), 0u);
  EXPECT_EQ(pacer.due(26'122'449ns), 1u);
  EXPECT_EQ(pacer.due(26'122'449ns), 0u);
  EXPECT_EQ(pacer.due(1s), 37u);
}

TEST(SilencePacer, GivesTheLeadAtOnce) {
  SilencePacer pacer(Mp3Frames(20));
  EXPECT_EQ(pacer.due(0ns), 20u);
  EXPECT_EQ(pacer.due(0ns), 0u);
  EXPECT_EQ(pacer.due(1s), 38u);
}

TEST(SilencePacer, DoesNotDriftHoweverItIsCalled) {
  SilencePacer pacer;
  std::size_t frames = 0;
  std::chrono::nanoseconds now{0};
  for (unsigned i = 0; now < 1h; ++i) frames += pacer.due(now += std::chrono::milliseconds(1 + i * 7919 % 60));
  EXPECT_EQ(static_cast<std::int64_t>(frames), std::chrono::floor<Mp3Frames>(now).count());
  EXPECT_NEAR(static_cast<double>(frames), 3600 * 44100.0 / 1152, 3);
}

TEST(SilencePacer, IsExactOverAYear) {
  SilencePacer pacer;
  EXPECT_EQ(pacer.due(24h * 365), 1'207'237'500u);  // 31,536,000 s of 44,100 samples, over 1152
}

TEST(SilencePacer, GivesNothingWhenTimeGoesBack) {
  SilencePacer pacer;
  EXPECT_EQ(pacer.due(1s), 38u);
  EXPECT_EQ(pacer.due(-1s), 0u);
  EXPECT_EQ(pacer.due(500ms), 0u);
  EXPECT_EQ(pacer.due(2s), 38u);
}

}  // namespace
}  // namespace voicecast
