// SPDX-License-Identifier: MIT

// libsrtp is the other end.
#include "rtp/srtcp_receiver.hpp"

#include <gtest/gtest.h>

#include "rtp/rtp_packet.hpp"
#include "unit/srtp_decoder.hpp"

namespace voicecast {
namespace {

using Packet = std::vector<std::uint8_t>;
using Opened = std::variant<Packet, DropReason>;

Packet report_of(std::uint32_t ssrc, std::uint8_t filling = 0x22) {
  auto report = hex("81C90007");
  report.resize(32, filling);
  write_u32(&report[4], ssrc);
  return report;
}

TEST(SrtcpReceiver, OpensThePacketsOfLibsrtp) {
  SrtcpEncoder peer;
  SrtcpReceiver receiver(some_keys());
  for (std::uint8_t i = 0; i < 200; ++i) {
    const auto report = report_of(0xCAFEBABE, i);
    EXPECT_EQ(receiver.open(peer.protect(report)), Opened(report));
  }
}

TEST(SrtcpReceiver, OpensEachPacketOnce) {
  SrtcpEncoder peer;
  SrtcpReceiver receiver(some_keys());
  const auto report = report_of(1);
  std::vector<Packet> packets;
  for (unsigned i = 0; i < 100; ++i) packets.push_back(peer.protect(report));
  for (const auto i : {0, 2, 1, 70, 8, 99}) EXPECT_EQ(receiver.open(packets[i]), Opened(report)) << i;
  for (const auto i : {0, 1, 2, 8, 35, 70, 99})
    EXPECT_EQ(receiver.open(packets[i]), Opened(DropReason::unauthenticated)) << i << ": repeated, or too old";
  EXPECT_EQ(receiver.open(packets[36]), Opened(report)) << "the last one of the window";
}

TEST(SrtcpReceiver, DropsForgedPacketsAndForgetsThem) {
  SrtcpEncoder peer;
  SrtcpReceiver receiver(some_keys());
  const auto report = report_of(1);
  const auto packet = peer.protect(report);
  for (std::size_t i = 0; i < packet.size(); ++i) {
    auto forged = packet;
    forged[i] ^= 0x01;
    EXPECT_EQ(receiver.open(forged), Opened(DropReason::unauthenticated)) << i;
  }
  auto in_the_clear = packet;
  in_the_clear[packet.size() - 14] &= 0x7F;
  EXPECT_EQ(receiver.open(in_the_clear), Opened(DropReason::unauthenticated));
  EXPECT_EQ(receiver.open(packet), Opened(report));
}

TEST(SrtcpReceiver, SurvivesEachLength) {
  SrtcpEncoder peer;
  SrtcpReceiver receiver(some_keys());
  const auto packet = peer.protect(report_of(1));
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_TRUE(std::holds_alternative<DropReason>(receiver.open(Bytes(packet).first(size)))) << size;
}

TEST(SrtcpReceiver, HasAnIndexForEachOfItsFewSources) {
  SrtcpEncoder peer;
  SrtcpReceiver receiver(some_keys());
  for (std::uint32_t ssrc = 0; ssrc < KnownSources::max; ++ssrc)
    EXPECT_EQ(receiver.open(peer.protect(report_of(ssrc))), Opened(report_of(ssrc))) << ssrc;
  EXPECT_EQ(receiver.open(peer.protect(report_of(99))), Opened(DropReason::source));
  EXPECT_EQ(receiver.open(peer.protect(report_of(0))), Opened(report_of(0)));
}

}  // namespace
}  // namespace voicecast
