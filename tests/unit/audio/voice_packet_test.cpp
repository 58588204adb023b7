// SPDX-License-Identifier: MIT
#include "audio/voice_packet.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A packet of 20 ms of CELT, in mono.
constexpr std::uint8_t celt_20_ms = 31 << 3;

Bytes rtp(const Bytes& payload, std::uint8_t first = 0x80) {
  return Bytes{first, 96, 0x12, 0x34, 0, 0, 0, 7, 0, 0, 0, 9} + payload;
}

TEST(OpusPacket, LastsAsLongAsItsFrames) {
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms, 1}), 960U);
  EXPECT_EQ(opus_samples(Bytes{28 << 3, 1}), 120U);
  EXPECT_EQ(opus_samples(Bytes{3 << 3, 1}), 2880U) << "SILK, 60 ms";
  EXPECT_EQ(opus_samples(Bytes{12 << 3, 1}), 480U) << "hybrid, 10 ms";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 1, 1, 2}), 1920U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 2, 1, 2, 3}), 1920U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 6}), 5760U) << "six frames that ask for concealment";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 0x80 | 3, 1, 2, 9, 8, 8, 7}), 2880U) << "frames of their own lengths";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 0x40 | 2, 3, 1, 1, 0, 0, 0}), 1920U) << "padding";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms}), 960U) << "DTX";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms} + Bytes(1275)), 960U);
}

/// RFC 6716 §3.4, R1 to R7.
TEST(OpusPacket, InvalidIsRefused) {
  EXPECT_EQ(opus_samples({}), 0U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms} + Bytes(1276)), 0U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 1, 1}), 0U) << "no equal halves";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 2}), 0U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 2, 252}), 0U) << "half a length";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 2, 2, 1}), 0U) << "longer than the packet";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3}), 0U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 0}), 0U) << "no frames";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 7} + Bytes(7)), 0U) << "140 ms";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 2, 1}), 0U);
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 0x41, 4, 0}), 0U) << "more padding than there is";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 0x41} + Bytes(9, 255)), 0U) << "padding without end";
  EXPECT_EQ(opus_samples(Bytes{celt_20_ms | 3, 0x82, 5, 1}), 0U);
}

TEST(VoicePacket, IsReadFromRtp) {
  const auto bytes = rtp({celt_20_ms, 1, 2});
  const auto voice = read_voice(bytes);
  ASSERT_TRUE(voice);
  EXPECT_EQ(voice->sequence, 0x1234);
  EXPECT_EQ(voice->timestamp, 7U);
  EXPECT_EQ(voice->ssrc, 9U);
  EXPECT_EQ(voice->samples, 960U);
  EXPECT_EQ(Bytes(voice->opus.begin(), voice->opus.end()), (Bytes{celt_20_ms, 1, 2}));
}

TEST(VoicePacket, LeavesSourcesExtensionsAndPaddingOut) {
  const auto bytes = rtp(Bytes{1, 2, 3, 4, 0xBE, 0xDE, 0, 1, 5, 5, 5, 5, celt_20_ms, 8, 0, 0, 3}, 0x80 | 0x31);
  const auto voice = read_voice(bytes);
  ASSERT_TRUE(voice);
  EXPECT_EQ(Bytes(voice->opus.begin(), voice->opus.end()), (Bytes{celt_20_ms, 8}));
}

TEST(VoicePacket, IsNeverEmpty) {
  EXPECT_FALSE(read_voice({}));
  EXPECT_FALSE(read_voice(rtp({})));
  EXPECT_FALSE(read_voice(rtp({1}, 0xA0))) << "padding alone";
  EXPECT_FALSE(read_voice(rtp({}, 0xA0))) << "padding that is not there";
  EXPECT_FALSE(read_voice(rtp({celt_20_ms, 1, 0}, 0xA0))) << "padding of no bytes";
  EXPECT_FALSE(read_voice(rtp({celt_20_ms, 1, 4}, 0xA0))) << "more padding than there is";
  EXPECT_FALSE(read_voice(rtp({celt_20_ms, 1, 2}, 0x8F))) << "fifteen sources that are not there";
  EXPECT_FALSE(read_voice(rtp({0xBE, 0xDE, 0xFF, 0xFF, celt_20_ms}, 0x90))) << "an extension that is not there";
  EXPECT_FALSE(read_voice(rtp({celt_20_ms, 1}, 0x40))) << "version 1";
  const auto header = rtp({});
  for (std::size_t size = 0; size <= header.size(); ++size)
    EXPECT_FALSE(read_voice(std::span(header).first(size))) << size;
}

}  // namespace
}  // namespace voicecast
