// SPDX-License-Identifier: MIT
#include "audio/ogg_pages.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace voicecast {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::uint64_t number(std::string_view page, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i > 0; --i) value = value << 8 | static_cast<std::uint8_t>(page[at + i - 1]);
  return value;
}

std::size_t size_of(std::string_view page) {
  const auto segments = static_cast<std::uint8_t>(page[26]);
  std::size_t size = 27U + segments;
  for (std::size_t i = 0; i < segments; ++i) size += static_cast<std::uint8_t>(page[27 + i]);
  return size;
}

TEST(OggPages, HeadsAreAPageEach) {
  const OggPages pages(7, "Anna Küche");
  std::string_view header = pages.header();
  ASSERT_EQ(header.substr(0, 4), "OggS");
  EXPECT_EQ(header[5], 2) << "the beginning of a stream";
  EXPECT_EQ(number(header, 14, 4), 7U);
  EXPECT_EQ(header.substr(28, 8), "OpusHead");
  header.remove_prefix(size_of(header));
  EXPECT_EQ(header[5], 0);
  EXPECT_EQ(number(header, 18, 4), 1U) << "the second page";
  EXPECT_EQ(header.substr(28, 8), "OpusTags");
  EXPECT_NE(header.find("TITLE=Anna Küche"), std::string_view::npos);
  EXPECT_EQ(size_of(header), header.size());
}

/// Computed bit by bit by RFC 3533 §6.
TEST(OggPages, TheChecksumIsOggs) {
  const OggPages pages(0, "");
  EXPECT_EQ(number(pages.header(), 22, 4), 0xae92684U);
}

TEST(OggPages, APageIsATenthOfASecond) {
  OggPages pages(7, "");
  const Bytes packet(100, 1);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(pages.add(packet, 960), "");
  const auto page = pages.add(packet, 960);
  EXPECT_EQ(size_of(page), page.size());
  EXPECT_EQ(number(page, 6, 8), 4800U);
  EXPECT_EQ(page[26], 5);
  pages.add(packet, 960);
  const auto last = pages.end();
  EXPECT_EQ(last[5], 4) << "the end of the stream";
  EXPECT_EQ(number(last, 6, 8), 5760U);
  EXPECT_EQ(number(last, 18, 4), 3U);
}

TEST(OggPages, PacketsOfAnySize) {
  for (const std::size_t size : {1U, 254U, 255U, 256U, 510U, 1275U, 61440U}) {
    OggPages pages(7, "");
    std::string all;
    for (int i = 0; i < 5; ++i) all += pages.add(Bytes(size, 1), 960);
    all += pages.end();
    std::size_t audio = 0;
    for (std::string_view rest = all; !rest.empty(); rest.remove_prefix(size_of(rest))) {
      ASSERT_GE(rest.size(), size_of(rest));
      audio += size_of(rest) - 27 - static_cast<std::uint8_t>(rest[26]);
    }
    EXPECT_EQ(audio, 5 * size);
  }
}

TEST(OggPages, ManyShortPacketsFillAPage) {
  OggPages pages(7, "");
  std::string all;
  for (int i = 0; i < 300; ++i) all += pages.add(Bytes(1, 1), 0);
  EXPECT_EQ(size_of(all), all.size());
  EXPECT_EQ(static_cast<std::uint8_t>(all[26]), 255);
}

}  // namespace
}  // namespace voicecast
