// SPDX-License-Identifier: MIT
#include "ice/ice_sockets.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const IceSockets::Time start{1h};

bool is_open(int descriptor) { return fcntl(descriptor, F_GETFD) != -1; }

class IceSocketsOfAddresses : public testing::Test {
 protected:
  std::vector<std::string> there_{"127.0.0.2", "127.0.0.1"};
  std::vector<int> opened_;
  IceSockets sockets_{[this] { return there_; }, 0, [this](int socket) { opened_.push_back(socket); }};

  /// Several addresses want one port: one that is free on the first may be taken on the others.
  void open(IceSockets::Time now) {
    for (const auto& error : sockets_.open_missing(now)) FAIL() << error.message;
  }
};

unsigned priority_of(const std::string& candidate) {
  unsigned priority = 0;
  EXPECT_EQ(std::sscanf(candidate.c_str(), "candidate:%*u 1 %*s %u", &priority), 1) << candidate;
  return priority;
}

TEST_F(IceSocketsOfAddresses, HaveTheOrderOfUse) {
  open(start);
  auto candidates = sockets_.candidates();
  EXPECT_THAT(candidates, ElementsAre(HasSubstr("UDP"), HasSubstr("UDP"), HasSubstr("TCP"), HasSubstr("TCP")));
  EXPECT_THAT(candidates[0], HasSubstr(" 127.0.0.2 "));
  EXPECT_THAT(candidates[2], HasSubstr(" 127.0.0.2 "));
  for (std::size_t i = 1; i < candidates.size(); ++i)
    EXPECT_GT(priority_of(candidates[i - 1]), priority_of(candidates[i]));

  there_ = {"127.0.0.1", "127.0.0.2"};
  open(start);
  candidates = sockets_.candidates();
  EXPECT_THAT(candidates[0], HasSubstr(" 127.0.0.1 "));
  EXPECT_GT(priority_of(candidates[0]), priority_of(candidates[1]));
  EXPECT_EQ(opened_.size(), 4U);
}

TEST_F(IceSocketsOfAddresses, AreClosedAfterTheirAddress) {
  open(start);
  ASSERT_EQ(opened_.size(), 4U);
  there_ = {"127.0.0.1"};
  open(start + 1s);
  EXPECT_EQ(sockets_.candidates().size(), 2U) << "told no more";
  open(start + 1min);
  sockets_.close_gone(start + 1s + IceSockets::gone_limit - 1ms);
  EXPECT_TRUE(sockets_.has_udp(opened_[0]) && sockets_.has_tcp(opened_[1]));
  sockets_.close_gone(start + 1s + IceSockets::gone_limit);
  EXPECT_FALSE(sockets_.has_udp(opened_[0]) || sockets_.has_tcp(opened_[1]));
  EXPECT_FALSE(is_open(opened_[0]) || is_open(opened_[1]));
  EXPECT_TRUE(sockets_.has_udp(opened_[2]) && is_open(opened_[2]));
}

TEST_F(IceSocketsOfAddresses, StayForReturningAddress) {
  open(start);
  there_ = {"127.0.0.1"};
  open(start + 1s);
  there_ = {"127.0.0.1", "127.0.0.2"};
  open(start + 2s);
  there_ = {"127.0.0.1"};
  open(start + 1min);
  sockets_.close_gone(start + 1s + IceSockets::gone_limit);
  EXPECT_TRUE(sockets_.has_udp(opened_[0])) << "gone for less than the limit";
  EXPECT_EQ(opened_.size(), 4U);
}

TEST_F(IceSocketsOfAddresses, AreOpenedForLateAddresses) {
  open(start);
  there_ = {};
  open(start);
  EXPECT_TRUE(sockets_.candidates().empty());
  sockets_.close_gone(start + IceSockets::gone_limit);
  there_ = {"127.0.0.2"};
  open(start + IceSockets::gone_limit);
  EXPECT_EQ(sockets_.candidates().size(), 2U);
}

TEST(WantedAddresses, KeepTheOperatorsOrder) {
  EXPECT_THAT(wanted_addresses({"10.0.0.9", "10.0.0.1"})(), ElementsAre("10.0.0.9", "10.0.0.1"));
}

}  // namespace
}  // namespace voicecast
