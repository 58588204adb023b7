#include "access/names.hpp"

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

}  // namespace
}  // namespace voicecast
