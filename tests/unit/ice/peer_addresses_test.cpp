// SPDX-License-Identifier: MIT
#include "ice/peer_addresses.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <deque>
#include <vector>

namespace voicecast {
namespace {

IceAddress at(std::uint16_t port) {
  IceAddress from{3, {}, sizeof(sockaddr_in)};
  auto* address = reinterpret_cast<sockaddr_in*>(&from.address);
  address->sin_family = AF_INET;
  address->sin_port = htons(port);
  return from;
}

const std::vector<std::uint8_t> voice(40, 0x80), report = [] {
  std::vector<std::uint8_t> bytes(40, 0x80);
  bytes[1] = 201;
  return bytes;
}();
const std::vector<std::uint8_t> hello(40, 22);

/// A session that counts its packets.
struct Counted : IceSessionEvents {
  void on_packet(std::span<const std::uint8_t>) override { ++packets; }
  void on_state(State) override {}
  unsigned packets = 0;
  std::shared_ptr<IceSession> session = std::make_shared<IceSession>(*this, std::make_shared<IcePath>());
};

TEST(PeerAddresses, APacketBelongsToTheSessionOfItsAddress) {
  PeerAddresses addresses;
  Counted one, other;
  addresses.note(at(1), one.session);
  addresses.note(at(2), other.session);
  EXPECT_TRUE(addresses.deliver(at(1), voice));
  EXPECT_TRUE(addresses.deliver(at(1), hello));
  EXPECT_FALSE(addresses.deliver(at(3), voice));
  EXPECT_EQ(one.packets, 2U);
  EXPECT_EQ(other.packets, 0U);
}

TEST(PeerAddresses, ACheckFromAForgedAddressDivertsNoMedia) {
  PeerAddresses addresses;
  Counted peer, forger;
  addresses.note(at(1), peer.session);
  for (unsigned i = 0; i < 10; ++i) {
    addresses.note(at(1), forger.session);
    addresses.deliver(at(1), voice);
    addresses.deliver(at(1), report);
  }
  EXPECT_EQ(peer.packets, 20U);
}

TEST(PeerAddresses, EarlierSessionsAreNotDisplaced) {
  PeerAddresses addresses;
  Counted peer;
  std::deque<Counted> forgers(10);
  addresses.note(at(1), peer.session);
  for (auto& one : forgers) addresses.note(at(1), one.session);
  addresses.deliver(at(1), voice);
  EXPECT_EQ(peer.packets, 1U);
  EXPECT_EQ(forgers.back().packets, 1U);
  unsigned all = peer.packets;
  for (const auto& one : forgers) all += one.packets;
  EXPECT_EQ(all, PeerAddresses::max_sharers);
}

TEST(PeerAddresses, DtlsBelongsToTheLatestCheck) {
  PeerAddresses addresses;
  Counted before, now;
  addresses.note(at(1), before.session);
  addresses.note(at(1), now.session);
  addresses.deliver(at(1), hello);
  EXPECT_EQ(now.packets, 1U);
  EXPECT_EQ(before.packets, 0U);
  addresses.note(at(1), before.session);
  addresses.deliver(at(1), hello);
  EXPECT_EQ(before.packets, 1U);
}

TEST(PeerAddresses, ClosedSessionsAreForgotten) {
  PeerAddresses addresses;
  Counted one, other;
  addresses.note(at(1), one.session);
  addresses.note(at(1), other.session);
  other.session->close();
  addresses.forget_closed();
  EXPECT_TRUE(addresses.deliver(at(1), hello));
  EXPECT_EQ(one.packets, 1U);
  one.session->close();
  addresses.forget_closed();
  EXPECT_FALSE(addresses.deliver(at(1), hello));
  EXPECT_EQ(one.session.use_count() + other.session.use_count(), 2);
}

TEST(PeerAddresses, ASessionHasFewOfThem) {
  PeerAddresses addresses;
  Counted one, other;
  addresses.note(at(1), other.session);
  for (std::uint16_t port = 1; port <= 100; ++port) addresses.note(at(port), one.session);
  unsigned known = 0;
  for (std::uint16_t port = 2; port <= 100; ++port) known += addresses.deliver(at(port), voice) ? 1 : 0;
  EXPECT_LE(known, static_cast<unsigned>(PeerAddresses::max_addresses));
  EXPECT_TRUE(addresses.deliver(at(100), voice));
  EXPECT_TRUE(addresses.deliver(at(1), hello));
}

}  // namespace
}  // namespace voicecast
