// SPDX-License-Identifier: MIT
#include "rtp/source_guard.hpp"

#include <gtest/gtest.h>

#include "rtp/rtp_packet.hpp"
#include "unit/srtp_decoder.hpp"

namespace voicecast {
namespace {

using Verdict = SourceGuard::Verdict;
using Packet = std::vector<std::uint8_t>;

constexpr std::uint32_t ours = 0xCAFEBABE;

Packet srtp(std::uint32_t ssrc, std::uint16_t sequence = 1, std::size_t tag_bytes = 10, std::uint64_t round = 0) {
  auto header = hex("806F00000000000000000000");
  write_u16(&header[2], sequence);
  write_u32(&header[rtp_ssrc_at], ssrc);
  const Packet payload(20, 7);
  Packet packet(header.size() + payload.size() + SrtpSender::max_overhead_bytes);
  packet.resize(SrtpSender(some_keys(tag_bytes)).protect(header, payload, round << 16 | sequence, packet.data()));
  return packet;
}

Packet srtcp(std::uint32_t ssrc) {
  auto report = hex("80C9000100000000");
  write_u32(&report[rtcp_ssrc_at], ssrc);
  Packet packet(report.size() + SrtcpSender::overhead_bytes);
  SrtcpSender(some_keys()).protect(report, packet.data());
  return packet;
}

Packet forged(Packet packet) {
  packet.back() ^= 1;
  return packet;
}

class Guard : public testing::Test {
 protected:
  PacketFilter filter_{1000};
  std::optional<SrtpKeys> keys_ = some_keys();
  SourceGuard guard_{filter_, [this] { return keys_; }};
};

TEST_F(Guard, FirstPacketRegistersSource) {
  EXPECT_EQ(guard_.judge(forged(srtp(ours))), Verdict::unauthenticated);
  EXPECT_EQ(guard_.judge(srtp(ours)), Verdict::pass);
  EXPECT_TRUE(filter_.rtp_sources().has(ours));
  EXPECT_EQ(guard_.judge(forged(srtp(ours))), Verdict::pass) << "from now on it is srtpdec's to judge";
}

TEST_F(Guard, ForgedPacketsDoNotCount) {
  for (std::uint32_t ssrc = 0; ssrc < 10000; ++ssrc) {
    ASSERT_EQ(guard_.judge(forged(srtp(ssrc))), Verdict::unauthenticated);
    ASSERT_EQ(guard_.judge(forged(srtcp(ssrc))), Verdict::unauthenticated);
  }
  EXPECT_EQ(guard_.judge(srtp(ours)), Verdict::pass);
  EXPECT_EQ(guard_.judge(srtcp(ours + 1)), Verdict::pass);
}

TEST_F(Guard, FourSourcesOfEachKind) {
  for (std::uint32_t ssrc = 0; ssrc < KnownSources::max; ++ssrc) {
    EXPECT_EQ(guard_.judge(srtp(ssrc)), Verdict::pass);
    EXPECT_EQ(guard_.judge(srtcp(100 + ssrc)), Verdict::pass);
    EXPECT_EQ(guard_.judge(srtcp(ssrc)), Verdict::pass) << "that of a voice is known already";
  }
  EXPECT_EQ(guard_.judge(srtp(ours)), Verdict::excess);
  EXPECT_EQ(guard_.judge(srtcp(ours)), Verdict::refused);
  EXPECT_EQ(guard_.judge(srtp(100)), Verdict::excess) << "known of RTCP alone";
}

/// What is one too many may end the peer, so a forger must not make it more.
TEST_F(Guard, ARefusedPacketThatIsRepeatedIsNoNewOne) {
  for (std::uint32_t ssrc = 0; ssrc < KnownSources::max; ++ssrc) ASSERT_EQ(guard_.judge(srtp(ssrc)), Verdict::pass);
  const auto first = srtp(ours, 7), other = srtp(ours + 1, 7);
  EXPECT_EQ(guard_.judge(first), Verdict::excess);
  EXPECT_EQ(guard_.judge(other), Verdict::excess);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(guard_.judge(first), Verdict::refused);
    EXPECT_EQ(guard_.judge(other), Verdict::refused);
  }
  EXPECT_EQ(guard_.judge(srtp(ours, 6)), Verdict::refused) << "perhaps late, and perhaps recorded";
  EXPECT_EQ(guard_.judge(srtp(ours, 8)), Verdict::excess);
  EXPECT_EQ(guard_.judge(srtp(ours, 7)), Verdict::refused);
}

TEST_F(Guard, ManyRefusedSourcesAreEachOneTooMany) {
  for (std::uint32_t ssrc = 0; ssrc < KnownSources::max; ++ssrc) ASSERT_EQ(guard_.judge(srtp(ssrc)), Verdict::pass);
  for (std::uint32_t ssrc = 100; ssrc < 100 + 2 * RefusedSources::max; ++ssrc)
    EXPECT_EQ(guard_.judge(srtp(ssrc)), Verdict::excess);
  EXPECT_EQ(guard_.judge(srtp(100)), Verdict::refused) << "the first ones are remembered";
}

TEST_F(Guard, WithoutKeysOnlyDtlsPasses) {
  keys_.reset();
  EXPECT_EQ(guard_.judge(srtp(ours)), Verdict::unauthenticated);
  EXPECT_EQ(guard_.judge(srtcp(ours)), Verdict::unauthenticated);
  EXPECT_EQ(guard_.judge(Packet(13, 22)), Verdict::pass);
  keys_ = some_keys();
  EXPECT_EQ(guard_.judge(srtp(ours)), Verdict::pass);
}

TEST_F(Guard, ShortTagIsValid) {
  keys_ = some_keys(4);
  EXPECT_EQ(guard_.judge(srtp(ours, 1, 10)), Verdict::unauthenticated);
  EXPECT_EQ(guard_.judge(srtp(ours, 1, 4)), Verdict::pass);
}

TEST_F(Guard, ASourceBeginsBeforeItsFirstWrap) {
  EXPECT_EQ(guard_.judge(srtp(ours, 5, 10, 1)), Verdict::unauthenticated) << "srtpdec would not open it";
}

/// srtpdec takes RTP that it cannot read for RTCP, whose source is where RTP has its time.
TEST_F(Guard, UnreadablePacketsAreDropped) {
  ASSERT_EQ(guard_.judge(srtp(ours)), Verdict::pass);
  auto contributors = srtp(ours);
  contributors[0] |= 15;
  EXPECT_EQ(guard_.judge(contributors), Verdict::unauthenticated);
  auto extension = srtp(ours);
  extension[0] |= rtp::extension_bit;
  extension[14] = extension[15] = 0xFF;
  EXPECT_EQ(guard_.judge(extension), Verdict::unauthenticated);
  for (std::size_t size = 0; size < 16; ++size) {
    auto cut = srtp(ours);
    cut.resize(size);
    EXPECT_EQ(guard_.judge(cut), Verdict::unauthenticated) << size;
  }
}

}  // namespace
}  // namespace voicecast
