// SPDX-License-Identifier: MIT

// Against RFC 3711's own numbers, and against libsrtp, which is not ours.
#include "rtp/srtp.hpp"

#include <gtest/gtest.h>

#include "unit/srtp_decoder.hpp"

namespace voicecast {
namespace {

std::vector<std::uint8_t> header_of(std::uint16_t sequence, unsigned contributors = 0) {
  auto header = hex("806F0000000003C0CAFEBABE");
  header[0] = static_cast<std::uint8_t>(header[0] | contributors);
  header[2] = static_cast<std::uint8_t>(sequence >> 8);
  header[3] = static_cast<std::uint8_t>(sequence);
  header.resize(header.size() + 4 * contributors, 0x11);
  return header;
}

std::vector<std::uint8_t> protect(SrtpSender& sender, const std::vector<std::uint8_t>& header,
                                  const std::vector<std::uint8_t>& payload, std::uint64_t index) {
  std::vector<std::uint8_t> packet(header.size() + payload.size() + SrtpSender::max_overhead_bytes);
  packet.resize(sender.protect(header, payload, index, packet.data()));
  return packet;
}

std::vector<std::uint8_t> joined(std::vector<std::uint8_t> a, const std::vector<std::uint8_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Srtp, HasTheKeyStreamOfTheRfc) {  // appendix B.2
  SrtpCipher cipher(key<16>("2B7E151628AED2A6ABF7158809CF4F3C"), key<14>("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
  const std::vector<std::uint8_t> zeroes(0xFF02 * 16);
  auto stream = zeroes;
  cipher.apply(0, 0, zeroes, stream.data());
  const auto blocks = [&stream](std::size_t first, std::size_t count) {
    const auto at = stream.begin() + static_cast<std::ptrdiff_t>(16 * first);
    return std::vector<std::uint8_t>(at, at + static_cast<std::ptrdiff_t>(16 * count));
  };
  EXPECT_EQ(blocks(0, 3), hex("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD"
                              "477901E4FCA894C0"));
  EXPECT_EQ(blocks(0xFEFF, 3), hex("EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374F"
                                   "BEB4C81B17BA6C44"));
}

TEST(Srtp, DerivesTheKeysOfTheRfc) {  // appendix B.3
  const auto keys = derive_session_keys(some_keys(), SrtpUse::rtp);
  EXPECT_EQ(list(keys.cipher), hex("C61E7A93744F39EE10734AFE3FF7A087"));
  EXPECT_EQ(list(keys.salt), hex("30CBBC08863D8C85D49DB34A9AE1"));
  EXPECT_EQ(list(keys.authentication), hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

TEST(Srtp, HasTheTagsOfRfc2202) {  // section 3, test cases 3 and 5 (the first bytes)
  std::array<std::uint8_t, 20> tag{};
  const std::vector<std::uint8_t> message(50, 0xDD);
  SrtpTag(key<20>("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).write(message, tag.data(), tag.size());
  EXPECT_EQ(list(tag), hex("125D7342B9AC11CD91A39AF48AA17B4F63F175D3"));
  const std::string truncated = "Test With Truncation";
  tag.fill(0);
  SrtpTag(key<20>("0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C"))
      .write({reinterpret_cast<const std::uint8_t*>(truncated.data()), truncated.size()}, tag.data(), 12);
  EXPECT_EQ(list(tag), hex("4C1A03424B55E07FE7F27BE10000000000000000"));
}

class SrtpByTag : public testing::TestWithParam<std::size_t> {};

TEST_P(SrtpByTag, IsOpenedByLibsrtp) {
  SrtpSender sender(some_keys(GetParam()));
  SrtpDecoder decoder(GetParam());
  SrtpIndex indexes;
  for (std::uint16_t i = 0; i < 40; ++i) {  // empty, one byte, about a block, and larger
    const auto header = header_of(static_cast<std::uint16_t>(1000 + i), i % 16);
    const std::vector<std::uint8_t> payload(i * i, static_cast<std::uint8_t>(i));
    const auto index = indexes.advance(static_cast<std::uint16_t>(1000 + i));
    ASSERT_TRUE(index);
    const auto packet = protect(sender, header, payload, *index);
    EXPECT_EQ(packet.size(), header.size() + payload.size() + GetParam());
    EXPECT_EQ(decoder.rtp(packet), joined(header, payload)) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Tags, SrtpByTag, testing::Values(10U, 4U));

TEST(Srtp, ContinuesAcrossWraps) {
  SrtpSender sender(some_keys());
  SrtpDecoder decoder;
  SrtpIndex indexes;
  const std::vector<std::uint8_t> payload(80, 7);
  for (unsigned sent = 60000; sent < 2 * 65536 + 100; sent += 5) {  // four of five are lost
    const auto sequence = static_cast<std::uint16_t>(sent);
    const auto index = indexes.advance(sequence);
    ASSERT_EQ(index, sent);
    ASSERT_EQ(decoder.rtp(protect(sender, header_of(sequence), payload, *index)), joined(header_of(sequence), payload))
        << sent;
  }
}

TEST(Srtp, RestartsForJoinAfterWrap) {
  SrtpSender sender(some_keys());
  SrtpDecoder decoder;
  SrtpIndex indexes;
  for (const std::uint16_t sequence : {65534, 65535, 0, 1}) {
    const auto index = indexes.advance(sequence);
    ASSERT_TRUE(index);
    EXPECT_FALSE(decoder.rtp(protect(sender, header_of(sequence), {1, 2}, *index)).empty()) << sequence;
  }
  SrtpIndex joined;  // of a receiver that joins here: both sides begin with 0
  EXPECT_EQ(joined.advance(2), 2U);
  SrtpDecoder late;
  EXPECT_FALSE(late.rtp(protect(sender, header_of(2), {1, 2}, 2)).empty());
  EXPECT_TRUE(SrtpDecoder().rtp(protect(sender, header_of(2), {1, 2}, 65538)).empty());
}

TEST(SrtpIndex, IsUnique) {
  SrtpIndex indexes;
  EXPECT_EQ(indexes.advance(100), 100U);
  EXPECT_EQ(indexes.advance(100), std::nullopt);
  EXPECT_EQ(indexes.advance(99), std::nullopt);
  EXPECT_EQ(indexes.advance(101), 101U);
  EXPECT_EQ(indexes.advance(101 + 0x7FFF), 101U + 0x7FFF);
  EXPECT_EQ(indexes.advance(static_cast<std::uint16_t>(101 + 0x7FFF + 0x8000)), std::nullopt);
  EXPECT_EQ(indexes.advance(50), 0x10000U + 50);
  EXPECT_EQ(indexes.advance(40), std::nullopt);
}

TEST(SrtpIndex, IsFoundForAnEarlierPacket) {
  EXPECT_EQ(SrtpIndex::before(0x20005, 5), 0x20005U);
  EXPECT_EQ(SrtpIndex::before(0x20005, 4), 0x20004U);
  EXPECT_EQ(SrtpIndex::before(0x20005, 0xFFF0), 0x1FFF0U);
}

TEST(Srtcp, IsOpenedByLibsrtp) {
  SrtcpSender sender(some_keys());
  SrtpDecoder decoder;
  auto report = hex("80C80006CAFEBABE");
  report.resize(28, 0x22);
  for (int i = 0; i < 3; ++i) {
    std::vector<std::uint8_t> packet(report.size() + SrtcpSender::overhead_bytes);
    EXPECT_EQ(sender.protect(report, packet.data()), packet.size());
    EXPECT_NE(packet[8], report[8]) << "is not encrypted";
    EXPECT_EQ(decoder.rtcp(packet), report);
    EXPECT_TRUE(decoder.rtcp(packet).empty()) << "a replay";
  }
}

}  // namespace
}  // namespace voicecast
