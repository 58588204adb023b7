// SPDX-License-Identifier: MIT
#include "access/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace voicecast {
namespace {

std::string reached_by(std::vector<std::string> addresses) {
  return reachable_host({"pi", {"pi"}, std::move(addresses)});
}

TEST(ReachableHost, IsAnAddressOfTheNetwork) {
  EXPECT_EQ(reached_by({"127.0.0.1", "::1", "fd00::5", "192.168.1.10", "10.0.0.1"}), "192.168.1.10");
  EXPECT_EQ(reached_by({"127.0.0.1", "::1", "fd00::5"}), "[fd00::5]");
  EXPECT_EQ(reached_by({"127.0.0.1", "::1"}), "pi");
}

TEST(ReachableHost, IsWhatTheOperatorChose) {
  const Names names{"pi", {"pi"}, {"127.0.0.1", "::1", "192.168.1.10"}};
  EXPECT_EQ(reachable_host(names, {"127.0.0.1", "10.0.0.7", "192.168.1.10"}), "10.0.0.7");
  EXPECT_EQ(reachable_host(names, {"fd00::7"}), "[fd00::7]");
  EXPECT_EQ(reachable_host(names, {"127.0.0.1"}), "192.168.1.10");
}

TEST(SearchDomains, AreOfTheLastLine) {
  EXPECT_THAT(search_domains(""), testing::IsEmpty());
  EXPECT_THAT(search_domains("nameserver 10.0.0.1\nsearch office.example.org Home.Example.\n"),
              testing::ElementsAre("office.example.org", "home.example"));
  EXPECT_THAT(search_domains("search a.example b.example\ndomain\tc.example"), testing::ElementsAre("c.example"));
  EXPECT_THAT(search_domains("  search a.example a.example\r\n"), testing::ElementsAre("a.example"));
}

TEST(SearchDomains, ExcludesPublicSuffixes) {
  EXPECT_THAT(search_domains("search . com home a..b a/b.example \x80.example -\n"), testing::IsEmpty());
  EXPECT_THAT(search_domains("#search a.example\n; search b.example\nsearching c.example\nsearch"), testing::IsEmpty());
  EXPECT_THAT(search_domains("search " + std::string(254, 'a') + ".example"), testing::IsEmpty());
}

}  // namespace
}  // namespace voicecast
