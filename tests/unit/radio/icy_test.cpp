// SPDX-License-Identifier: MIT
#include "radio/icy.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

TEST(Icy, InsertsZeroWhileUnchanged) {
  IcyWeaver icy;
  const std::string audio(2 * icy_interval_bytes + 10, 'a');
  const auto woven = icy.weave(audio);
  EXPECT_EQ(woven.size(), audio.size() + 2);
  EXPECT_EQ(woven[icy_interval_bytes], '\0');
  EXPECT_EQ(woven[2 * icy_interval_bytes + 1], '\0');
}

TEST(Icy, CountsAcrossPieces) {
  IcyWeaver icy;
  std::string woven;
  for (std::size_t i = 0; i < icy_interval_bytes + 1; ++i) woven += icy.weave("a");
  EXPECT_EQ(woven.size(), icy_interval_bytes + 2);
  EXPECT_EQ(woven[icy_interval_bytes], '\0');
}

std::string block_of(std::string_view title) {
  IcyWeaver icy;
  icy.set_title(title);
  return icy.weave(std::string(icy_interval_bytes, 'a')).substr(icy_interval_bytes);
}

TEST(Icy, SendsTheTitleOnce) {
  IcyWeaver icy;
  icy.set_title("Ann");
  const std::string interval(icy_interval_bytes, 'a');
  const auto first = icy.weave(interval), second = icy.weave(interval);
  EXPECT_EQ(first.substr(icy_interval_bytes), std::string("\x02StreamTitle='Ann';", 19) + std::string(14, '\0'));
  EXPECT_EQ(second.substr(icy_interval_bytes), std::string(1, '\0'));
}

TEST(Icy, LengthIsInUnitsOf16) {
  for (std::size_t length = 0; length < 40; ++length) {
    const auto block = block_of(std::string(length, 'x'));
    EXPECT_EQ((block.size() - 1) % 16, 0U);
    EXPECT_EQ(static_cast<std::size_t>(block[0]), (block.size() - 1) / 16);
  }
}

TEST(Icy, ATitleCannotEndItsField) {
  EXPECT_NE(block_of("a';StreamUrl='b").find("StreamTitle='a`;StreamUrl='b';"), std::string::npos);
  EXPECT_NE(block_of("it's").find("StreamTitle='it's';"), std::string::npos);
  EXPECT_NE(block_of("a'").find("StreamTitle='a`';"), std::string::npos);
  EXPECT_EQ(block_of("a\nb").find('\n'), std::string::npos);
  EXPECT_LE(block_of(std::string(100000, 'x')).size(), 4081U);
}

}  // namespace
}  // namespace voicecast
