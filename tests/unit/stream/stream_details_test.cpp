// SPDX-License-Identifier: MIT
#include "stream/stream_details.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

TEST(CleanName, KeepsWhatPeopleWrite) {
  EXPECT_EQ(clean_name("Ann's <b>Küche</b> 🎙"), "Ann's <b>Küche</b> 🎙");
  EXPECT_EQ(clean_name(""), "");
}

TEST(CleanName, IsOneLine) {
  EXPECT_EQ(clean_name("  a\r\n\tb \x01\x7f c  "), "a b c");
  EXPECT_EQ(clean_name("\n"), "");
  EXPECT_EQ(clean_name("a\u202eb\u200bc"), "abc");  // right-to-left override, zero-width space
}

TEST(CleanName, IsShort) {
  EXPECT_EQ(clean_name(std::string(10000, 'x')), std::string(64, 'x'));
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  EXPECT_EQ(clean_name(umlauts), umlauts.substr(0, 128));
}

TEST(CleanName, IsUtf8) { EXPECT_EQ(clean_name("a\xff"), "a\uFFFD"); }

}  // namespace
}  // namespace voicecast
