// SPDX-License-Identifier: MIT
#include "access/client_address.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace voicecast {
namespace {

std::string seen(std::string_view peer, std::optional<std::string_view> forwarded_for,
                 const std::vector<std::string>& trusted = {"127.0.0.1", "10.0.0.0/8", "fd00::/16"}) {
  std::vector<AddressRange> ranges;
  for (const auto& text : trusted) ranges.push_back(*parse_address_range(text));
  return address_text(client_address(*parse_address(peer), forwarded_for, ranges));
}

TEST(ClientAddress, IgnoresUntrustedForwardedFor) {
  EXPECT_EQ(seen("192.0.2.1", "198.51.100.9"), "192.0.2.1");
  EXPECT_EQ(seen("127.0.0.1", "198.51.100.9", {}), "127.0.0.1");
}

TEST(ClientAddress, IsLastUntrustedAddress) {
  EXPECT_EQ(seen("127.0.0.1", "198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(seen("127.0.0.1", "203.0.113.1, 198.51.100.9, 10.1.2.3"), "198.51.100.9");
  EXPECT_EQ(seen("127.0.0.1", "10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(seen("::ffff:127.0.0.1", "198.51.100.9:4711"), "198.51.100.9");
  EXPECT_EQ(seen("fd00::1", "[2001:db8::5]:4711"), "2001:db8::5");
  EXPECT_EQ(seen("fd00::1", "2001:db8::5"), "2001:db8::5");
}

TEST(ClientAddress, NonsenseEndsTheSearch) {
  for (const auto* list : {"", ",", "unknown", "198.51.100.9, unknown", "1.2.3", "[::1"})
    EXPECT_EQ(seen("127.0.0.1", list), "127.0.0.1") << list;
  EXPECT_EQ(seen("127.0.0.1", std::nullopt), "127.0.0.1");
}

TEST(CountingKey, IPv6CountsByTheNetwork) {
  const auto key = [](std::string_view text) { return counting_key(*parse_address(text)); };
  EXPECT_EQ(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::1"));
  EXPECT_NE(key("2001:db8:1:2::"), key("2001:db8:1:3::"));
  EXPECT_EQ(key("::ffff:192.0.2.1"), key("192.0.2.1"));
  EXPECT_NE(key("192.0.2.1"), key("192.0.2.2"));
}

/// At home a device is an address, and its /64 is the whole family.
TEST(CountingKey, AnAddressOfTheLocalNetworkIsADevice) {
  const auto key = [](std::string_view text) { return counting_key(*parse_address(text)); };
  for (const auto* text : {"fd00::1", "fe80::1", "::1", "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1",
                           "169.254.1.1", "::ffff:192.168.1.1"})
    EXPECT_TRUE(is_local_key(key(text))) << text;
  for (const auto* text : {"2001:db8::1", "192.0.2.1", "100.64.0.1", "172.32.0.1", "::ffff:192.0.2.1", "fec0::1"})
    EXPECT_FALSE(is_local_key(key(text))) << text;
  EXPECT_NE(key("fd00::1"), key("fd00::2"));
  EXPECT_NE(key("fe80::1"), key("fe80::2"));
  EXPECT_EQ(key("::ffff:10.0.0.1"), key("10.0.0.1"));
  EXPECT_FALSE(is_local_key(""));
}

TEST(AddressRange, Forms) {
  for (const auto* text : {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/a", "10.0.0.0/-1", "::/129", "host/8"})
    EXPECT_FALSE(parse_address_range(text)) << text;
  EXPECT_TRUE(is_in(*parse_address("10.255.0.1"), *parse_address_range("10.0.0.0/8")));
  EXPECT_FALSE(is_in(*parse_address("11.0.0.1"), *parse_address_range("10.0.0.0/8")));
  EXPECT_FALSE(is_in(*parse_address("::1"), *parse_address_range("0.0.0.0/0")));
}

}  // namespace
}  // namespace voicecast
