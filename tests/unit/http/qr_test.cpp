// SPDX-License-Identifier: MIT
#include "http/qr.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

TEST(Qr, DrawsAnAddress) {
  const auto svg = qr_svg("https://192.168.1.10:8443/");
  ASSERT_TRUE(svg);
  EXPECT_TRUE(svg->starts_with("<svg "));
  // Version 2 holds its 26 bytes and has 25 modules a side (ISO/IEC 18004), and 4 more on each for the quiet zone.
  EXPECT_NE(svg->find("viewBox=\"0 0 33 33\""), std::string::npos) << *svg;
  // The finder pattern's corner is the first dark module.
  EXPECT_NE(svg->find("d=\"M4 4h1v1h-1z"), std::string::npos);
}

TEST(Qr, DrawsNothingForNothingOrTooMuch) {
  EXPECT_FALSE(qr_svg(""));
  EXPECT_TRUE(qr_svg(std::string(512, 'x')));
  EXPECT_FALSE(qr_svg(std::string(513, 'x')));
}

}  // namespace
}  // namespace voicecast
