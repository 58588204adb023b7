// SPDX-License-Identifier: MIT
#include "sdp/candidate.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

TEST(Candidate, IsRewrittenFromItsParts) {
  const auto candidate =
      check_candidate("a=candidate:1 1 UDP 2130706431 192.168.1.100 54321 typ host generation 0 x y");
  ASSERT_TRUE(candidate);
  EXPECT_EQ(*candidate, "candidate:1 1 UDP 2130706431 192.168.1.100 54321 typ host");
}

TEST(Candidate, KeepsReflexiveAndIpv6) {
  EXPECT_EQ(*check_candidate("candidate:a+/9 1 udp 1 2001:db8::1 9 typ srflx raddr 10.0.0.1 rport 5"),
            "candidate:a+/9 1 UDP 1 2001:db8::1 9 typ srflx raddr 0.0.0.0 rport 0");
}

TEST(Candidate, UnusableIsDroppedSilently) {
  for (const auto* text : {
           "candidate:1 1 udp 1 3b2f0b6e-4c6d-4e5a-9c1e-0d7c1c5b1a2b.local 9 typ host",  // mDNS
           "candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active",
           "candidate:1 2 udp 1 10.0.0.1 9 typ host",  // RTCP's own
           "candidate:1 1 udp 1 10.0.0.1 0 typ host",
           "candidate:1 1 udp 1 10.0.0.1 9 typ teleport",
           "candidate:1 1 udp 1 example.org 9 typ host",
           // No address by itself: with a zone, in a form of some resolvers alone, or not whole.
           "candidate:1 1 udp 1 fe80::1%eth0 9 typ host",
           "candidate:1 1 udp 1 fe80::1% 9 typ host",
           "candidate:1 1 udp 1 10.1 9 typ host",
           "candidate:1 1 udp 1 0x0a.0.0.1 9 typ host",
           "candidate:1 1 udp 1 [fd00::1] 9 typ host",
           "candidate:1 1 udp 1 fd00:: 0 typ host",
       }) {
    const auto candidate = check_candidate(text);
    ASSERT_TRUE(candidate) << text;
    EXPECT_EQ(*candidate, "") << text;
  }
}

/// A NUL would end the text for the agent, but not for us.
TEST(Candidate, WithNulIsUnusable) {
  for (const std::string& address : {std::string("10.0.0.1\0", 9), std::string("10.0.0.1\0.local", 15),
                                     std::string("fd00::1\0%0", 10), std::string("\0", 1)}) {
    const auto candidate = check_candidate("candidate:1 1 udp 1 " + address + " 9 typ host");
    ASSERT_TRUE(candidate);
    EXPECT_EQ(*candidate, "");
  }
  const std::string nul(1, '\0');
  EXPECT_FALSE(check_candidate("candidate:1 1 udp 1 10.0.0.1 9" + nul + " typ host"));
  EXPECT_FALSE(check_candidate("candidate:1" + nul + " 1 udp 1 10.0.0.1 9 typ host"));
  EXPECT_EQ(*check_candidate("candidate:1 1 udp 1 10.0.0.1 9 typ host" + nul), "");
}

TEST(Candidate, HasItsAddressInOneForm) {
  EXPECT_EQ(*check_candidate("candidate:1 1 udp 1 FD00:0:0::0001 9 typ host"),
            "candidate:1 1 UDP 1 fd00::1 9 typ host");
}

TEST(Candidate, HasABound) {
  const std::string start = "candidate:1 1 udp 1 10.0.0.1 9 typ host ";
  EXPECT_TRUE(check_candidate(start + std::string(1024 - start.size(), 'x')));
  EXPECT_FALSE(check_candidate(start + std::string(1025 - start.size(), 'x')));
}

TEST(Candidate, InvalidIsRefusedWithReason) {
  for (const auto* text : {
           "",
           "nonsense",
           "candidate:",
           "candidate:1 1 udp 1 10.0.0.1 9",
           "candidate:1 1 udp 1 10.0.0.1 9 type host",
           "candidate:1 x udp 1 10.0.0.1 9 typ host",
           "candidate:1 1 udp -1 10.0.0.1 9 typ host",
           "candidate:1 1 udp 99999999999 10.0.0.1 9 typ host",
           "candidate:1 1 udp 1 10.0.0.1 70000 typ host",
           "candidate:1 1 udp 1 10.0.0.1 9x typ host",
           "candidate:<&> 1 udp 1 10.0.0.1 9 typ host",
           "candidate:123456789012345678901234567890123 1 udp 1 10.0.0.1 9 typ host",
       }) {
    const auto candidate = check_candidate(text);
    ASSERT_FALSE(candidate) << text;
    EXPECT_NE(candidate.error().message.find("candidate"), std::string::npos) << text;
  }
}

using Texts = std::vector<std::string>;

TEST(Candidate, OfAHostIsMappedToThePublicAddressOnceAndFirst) {
  const Texts own{"candidate:1 1 UDP 2000 192.168.1.5 50000 typ host", "candidate:2 1 UDP 1000 10.0.0.5 50000 typ host",
                  "candidate:3 1 UDP 900 fd00::5 50000 typ host",
                  "candidate:101 1 TCP 500 192.168.1.5 50000 typ host tcptype passive"};
  Texts all{"candidate:1n 1 UDP 2256 203.0.113.7 50000 typ host",
            "candidate:101n 1 TCP 756 203.0.113.7 50000 typ host tcptype passive"};
  all.insert(all.end(), own.begin(), own.end());
  EXPECT_EQ(with_public_address(own, "203.0.113.7"), all);
  EXPECT_EQ(with_public_address(own, "2001:db8::7").front(), "candidate:3n 1 UDP 1156 2001:db8::7 50000 typ host");
  EXPECT_EQ(with_public_address({own[1], own[0]}, "203.0.113.7").front(),
            "candidate:2n 1 UDP 2256 203.0.113.7 50000 typ host")
      << "higher than all";
}

/// Each port leads elsewhere.
TEST(Candidate, IsMappedForEachPort) {
  const Texts own{"candidate:1 1 UDP 2000 192.168.1.5 5000 typ host", "candidate:2 1 UDP 1000 10.0.0.5 5001 typ host"};
  EXPECT_EQ(with_public_address(own, "203.0.113.7"),
            (Texts{"candidate:1n 1 UDP 2512 203.0.113.7 5000 typ host",
                   "candidate:2n 1 UDP 2256 203.0.113.7 5001 typ host", own[0], own[1]}));
}

TEST(Candidate, OfAnotherKindIsNotMapped) {
  for (const auto* text : {"candidate:1 1 UDP 2015363327 fd00::5 50000 typ host",
                           "candidate:1 1 UDP 2015363327 192.168.1.5 50000 typ srflx raddr 0.0.0.0 rport 0",
                           "candidate:1 1", "", "mid:0", " typ host", "candidate: typ host"})
    EXPECT_EQ(with_public_address({text}, "203.0.113.7"), Texts{text}) << text;
  const Texts own{"candidate:1 1 UDP 2015363327 192.168.1.5 50000 typ host"};
  EXPECT_EQ(with_public_address(own, ""), own);
}

TEST(Candidate, OfAHostIsRankedAsListed) {
  const std::string relayed = "candidate:9 1 UDP 10 192.0.2.7 6000 typ relay raddr 0.0.0.0 rport 0";
  EXPECT_EQ(
      ranked_as_listed({"candidate:1 1 UDP 100 10.0.0.1 1 typ host", relayed,
                        "candidate:2 1 UDP 300 10.0.0.2 2 typ host x y", "candidate:3 1 UDP 200 10.0.0.3 3 typ host"}),
      (Texts{"candidate:1 1 UDP 300 10.0.0.1 1 typ host", relayed, "candidate:2 1 UDP 200 10.0.0.2 2 typ host x y",
             "candidate:3 1 UDP 100 10.0.0.3 3 typ host"}));
  EXPECT_EQ(ranked_as_listed({}), Texts{});
}

}  // namespace
}  // namespace voicecast
