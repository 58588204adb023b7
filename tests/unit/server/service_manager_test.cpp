// SPDX-License-Identifier: MIT
#include "server/service_manager.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

std::vector<int> unused(const PassedSockets& sockets) {
  std::vector<int> descriptors;
  for (const auto& one : sockets.unused) descriptors.push_back(one.descriptor);
  return descriptors;
}

TEST(PassedSockets, NoSockets) {
  const auto sockets = sort_sockets(3, {});
  EXPECT_EQ((std::vector{sockets.api, sockets.audio, sockets.tls}), (std::vector{-1, -1, -1}));
  EXPECT_TRUE(sockets.unused.empty());
}

TEST(PassedSockets, UnknownNamesUseOrder) {
  const auto sockets =
      sort_sockets(3, {"voicecast.socket", "voicecast.socket", "voicecast.socket", "voicecast.socket"});
  EXPECT_EQ((std::vector{sockets.api, sockets.audio, sockets.tls}), (std::vector{3, 4, 5}));
  EXPECT_EQ(unused(sockets), std::vector{6});
  EXPECT_EQ(sort_sockets(3, {"unknown"}).audio, -1);
}

TEST(PassedSockets, NamesOverrideOrder) {
  const auto sockets = sort_sockets(3, {"tls", "something", "api", "api"});
  EXPECT_EQ((std::vector{sockets.api, sockets.audio, sockets.tls}), (std::vector{5, -1, 3}));
  EXPECT_EQ(unused(sockets), (std::vector{4, 6}));
}

}  // namespace
}  // namespace voicecast
