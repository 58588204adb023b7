// SPDX-License-Identifier: MIT
#include "ice/ice_session.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <vector>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using State = IceSessionEvents::State;

IceAddress at(std::uint16_t port) {
  IceAddress from{3, {}, sizeof(sockaddr_in)};
  auto* address = reinterpret_cast<sockaddr_in*>(&from.address);
  address->sin_family = AF_INET;
  address->sin_port = htons(port);
  return from;
}

class IceSessionTest : public testing::Test, public IceSessionEvents {
 protected:
  void on_packet(std::span<const std::uint8_t> packet) override { packets_.push_back(packet.size()); }
  void on_state(State state) override { states_.push_back(state); }

  void check(std::uint16_t port, bool nominates = false, unsigned credentials = 1, std::uint32_t priority = 100) {
    const auto from = at(port);
    session_.on_check(from, UdpPath{from.socket, from.address, from.size}, credentials, nominates, priority, now_);
  }
  /// Where packets go: 0 before there is a way.
  int way() const {
    const auto way = path_->get();
    const auto* udp = std::get_if<UdpPath>(&way);
    return udp ? ntohs(reinterpret_cast<const sockaddr_in*>(&udp->address)->sin_port) : 0;
  }

  std::vector<State> states_;
  std::vector<std::size_t> packets_;
  std::shared_ptr<IcePath> path_ = std::make_shared<IcePath>();
  IceSession session_{*this, path_};
  IceSession::Time now_{1000h};
};

TEST_F(IceSessionTest, TheFirstCheckConnects) {
  EXPECT_EQ(way(), 0);
  check(1);
  EXPECT_EQ(way(), 1);
  EXPECT_EQ(states_, std::vector{State::connected});
}

TEST_F(IceSessionTest, NominationIsReportedOnce) {
  check(1);
  check(2, true);
  check(2, true);
  EXPECT_EQ(way(), 2);
  EXPECT_EQ(states_, (std::vector{State::connected, State::nominated}));
}

TEST_F(IceSessionTest, CheckAloneDoesNotChangeThePair) {
  check(1, true);
  check(2);
  EXPECT_EQ(way(), 1);
}

TEST_F(IceSessionTest, BetterOfTwoNominatedPairsWins) {
  check(1, true, 1, 200);
  check(2, true, 1, 100);
  EXPECT_EQ(way(), 1);
  check(3, true, 1, 300);
  EXPECT_EQ(way(), 3);
}

TEST_F(IceSessionTest, LaterNominationOfWorsePairWins) {
  check(1, true, 1, 200);
  now_ += IceSession::nomination_window;
  check(2, true, 1, 100);
  EXPECT_EQ(way(), 2);
}

TEST_F(IceSessionTest, ReboundNatIsFollowed) {
  check(1, true);
  now_ += IceSession::silence_of_a_moved_peer + 1ms;
  check(2);
  EXPECT_EQ(way(), 2);
}

TEST_F(IceSessionTest, OldCredentialsHaveNoEffectAfterRestart) {
  check(1, true, 1);
  check(2, true, 2, 50);
  EXPECT_EQ(way(), 2);
  EXPECT_EQ(session_.credentials(), 2u);
  now_ += 1min;
  check(1, true, 1, 200);
  EXPECT_EQ(way(), 2);
}

TEST_F(IceSessionTest, OldPairStaysUntilRestartConnects) {
  check(1, true, 1);
  check(2, false, 2);
  EXPECT_EQ(way(), 1);
  EXPECT_EQ(session_.credentials(), 1u);
}

TEST_F(IceSessionTest, ConsentEndsWithoutChecks) {
  check(1);
  now_ += IceSession::consent_limit - 1ms;
  session_.check_consent(now_);
  EXPECT_EQ(states_, std::vector{State::connected});
  now_ += 1ms;
  session_.check_consent(now_);
  session_.check_consent(now_);
  EXPECT_EQ(states_, (std::vector{State::connected, State::failed}));
}

TEST_F(IceSessionTest, ConsentIsRenewedByAuthenticatedPackets) {
  check(1);
  now_ += 10s;
  check(1);
  now_ += 10s;
  session_.check_consent(now_);
  session_.confirm();
  now_ += 4s;
  session_.check_consent(now_);
  now_ += 14s;
  session_.check_consent(now_);
  EXPECT_EQ(states_, std::vector{State::connected});
}

TEST_F(IceSessionTest, UnconnectedCannotFail) {
  now_ += 1h;
  session_.check_consent(now_);
  EXPECT_TRUE(states_.empty());
}

TEST_F(IceSessionTest, ClosedReportsNothing) {
  check(1);
  session_.close();
  EXPECT_TRUE(session_.is_closed());
  check(1, true);
  const std::vector<std::uint8_t> packet{128};
  session_.on_packet(packet);
  EXPECT_EQ(states_, std::vector{State::connected});
  EXPECT_TRUE(packets_.empty());
}

TEST(IceAddress, IsAddressAndPortAndSocket) {
  auto other_socket = at(1);
  other_socket.socket = 4;
  EXPECT_EQ(at(1), at(1));
  EXPECT_EQ(IceAddressHash()(at(1)), IceAddressHash()(at(1)));
  EXPECT_FALSE(at(1) == at(2));
  EXPECT_FALSE(at(1) == other_socket);
}

}  // namespace
}  // namespace voicecast
