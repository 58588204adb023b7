// SPDX-License-Identifier: MIT
#include "webrtc/direct_inbox.hpp"

#include <gtest/gtest.h>

#include "rtp/rtp_packet.hpp"
#include "unit/srtp_decoder.hpp"

namespace voicecast {
namespace {

using Packet = std::vector<std::uint8_t>;

struct Inbox : testing::Test {
  DirectInbox inbox{1000,
                    {[this] { ++calls_for_dtls; }, [this](auto state) { states.push_back(state); },
                     [this](Packet compound) { rtcp.push_back(compound); }, [this] { ++authentic; },
                     [this](const std::string& words) { excess.push_back(words); }}};
  unsigned calls_for_dtls = 0, authentic = 0;
  std::vector<IceSessionEvents::State> states;
  std::vector<Packet> rtcp;
  std::vector<std::string> excess;

  std::uint64_t dropped(DropReason reason) const {
    const auto index = static_cast<std::size_t>(reason);
    return PacketDrops::all()[index] - before[index];
  }
  DropCounts before = PacketDrops::all();
};

Packet record(std::uint8_t number) {
  Packet packet(20, number);
  packet[0] = 22;
  return packet;
}

Packet report_of(std::uint32_t ssrc) {
  auto report = hex("81C90007");
  report.resize(32);
  write_u32(&report[4], ssrc);
  return report;
}

Packet rtp(SrtpSender& sender, std::uint16_t sequence, unsigned payload_type = 111) {
  auto header = hex("806F0000000003C0CAFEBABE");
  header[1] = static_cast<std::uint8_t>(payload_type);
  write_u16(&header[2], sequence);
  Packet packet(header.size() + 20 + SrtpSender::max_overhead_bytes);
  packet.resize(sender.protect(header, Packet(20), sequence, packet.data()));
  return packet;
}

TEST_F(Inbox, KeepsDtlsInOrderAndTellsOnce) {
  for (std::uint8_t i = 0; i < 3; ++i) inbox.on_packet(record(i));
  EXPECT_EQ(calls_for_dtls, 1U);
  EXPECT_EQ(inbox.take_dtls(), (std::vector<Packet>{record(0), record(1), record(2)}));
  EXPECT_TRUE(inbox.take_dtls().empty());
  inbox.on_packet(record(4));
  EXPECT_EQ(calls_for_dtls, 2U);
}

TEST_F(Inbox, TellsOfThePathAndItsEndOnly) {
  using State = IceSessionEvents::State;
  inbox.on_state(State::connected);
  for (unsigned i = 0; i < 1000; ++i) inbox.on_state(State::nominated);
  inbox.on_state(State::failed);
  EXPECT_EQ(states, (std::vector{State::connected, State::failed}));
}

TEST_F(Inbox, BoundsWaitingDtls) {
  for (unsigned i = 0; i < 10000; ++i) inbox.on_packet(record(0));
  EXPECT_EQ(inbox.take_dtls().size(), DirectInbox::max_waiting);
  EXPECT_EQ(dropped(DropReason::rate), 10000 - DirectInbox::max_waiting);
}

TEST_F(Inbox, DropsMediaBeforeKeys) {
  SrtcpEncoder peer;
  SrtpSender sender(some_keys());
  inbox.on_packet(peer.protect(report_of(1)));
  inbox.on_packet(rtp(sender, 1));
  EXPECT_EQ(dropped(DropReason::unauthenticated), 2U);
  EXPECT_EQ(authentic, 0U);
}

TEST_F(Inbox, PassesRtcpOnce) {
  SrtcpEncoder peer;
  inbox.use(some_keys());
  const auto packet = peer.protect(report_of(1));
  inbox.on_packet(packet);
  inbox.on_packet(packet);
  EXPECT_EQ(rtcp, std::vector<Packet>{report_of(1)});
  EXPECT_EQ(authentic, 1U);
  EXPECT_EQ(dropped(DropReason::unauthenticated), 1U);
}

TEST_F(Inbox, EndsAPeerThatSendsRtp) {
  SrtpSender sender(some_keys());
  inbox.use(some_keys());
  for (std::uint16_t i = 0; i < 49; ++i) inbox.on_packet(rtp(sender, i));
  EXPECT_TRUE(excess.empty()) << "a few packets are dropped only";
  for (std::uint16_t i = 49; i < 100; ++i) inbox.on_packet(rtp(sender, i));
  EXPECT_EQ(excess, std::vector<std::string>{"it sends RTP with a payload type that was not agreed on"});
  inbox.on_packet(record(0));
  EXPECT_EQ(calls_for_dtls, 0U) << "it is over";
}

TEST_F(Inbox, RepeatedAndForgedRtpEndsNoPeer) {
  SrtpSender sender(some_keys());
  inbox.use(some_keys());
  const auto packet = rtp(sender, 1);
  for (unsigned i = 0; i < 1000; ++i) {
    inbox.on_packet(packet);
    auto forged = rtp(sender, static_cast<std::uint16_t>(2 + i));
    forged.back() ^= 1;
    inbox.on_packet(forged);
  }
  EXPECT_TRUE(excess.empty());
  EXPECT_EQ(authentic, 1U);
}

TEST_F(Inbox, SurvivesEachByteAndLength) {
  inbox.use(some_keys());
  for (unsigned first = 0; first < 256; ++first)
    for (std::size_t size = 0; size < 48; ++size) {
      Packet packet(size, 0xC9);
      if (size > 0) packet[0] = static_cast<std::uint8_t>(first);
      inbox.on_packet(packet);
    }
  inbox.on_packet(Packet(3000, 0x80));
  EXPECT_EQ(authentic, 0U);
  EXPECT_TRUE(rtcp.empty());
}

}  // namespace
}  // namespace voicecast
