// SPDX-License-Identifier: MIT
#include "access/refusal_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "access/client_address.hpp"

namespace voicecast {
namespace {

std::string key_of(std::string_view address) { return counting_key(*parse_address(address)); }

/// What is logged meanwhile.
template <class F>
std::string logged(F f) {
  testing::internal::CaptureStderr();
  f();
  return testing::internal::GetCapturedStderr();
}

std::size_t lines_of(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

TEST(RefusalLog, HasOneLineForEachKindAndAddress) {
  const auto text = logged([] {
    for (int i = 0; i < 1000; ++i) {
      log_refusal(RefusalReason::rate, key_of("192.0.2.1"), "more than 100 requests a minute");
      log_refusal(RefusalReason::rate, key_of("192.0.2.2"), "more than 100 requests a minute");
      log_refusal(RefusalReason::token, key_of("192.0.2.1"), "invalid token");
    }
  });
  EXPECT_EQ(lines_of(text), 3U) << text;
  EXPECT_NE(text.find(" 192.0.2.1: refused (rate): more than 100 requests a minute\n"), std::string::npos) << text;
  EXPECT_NE(text.find(" 192.0.2.2: refused (rate): "), std::string::npos) << text;
  EXPECT_NE(text.find(" 192.0.2.1: refused (token): invalid token\n"), std::string::npos) << text;
}

/// All addresses of one customer are one.
TEST(RefusalLog, NamesWhatIsCounted) {
  EXPECT_EQ(text_of_key(key_of("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(text_of_key(key_of("2001:db8:1:2:3::4")), "2001:db8:1:2::/64");
  EXPECT_EQ(text_of_key(key_of("fd00::4")), "fd00::4");
  EXPECT_EQ(text_of_key(key_of("127.0.0.1")), "127.0.0.1");
}

}  // namespace
}  // namespace voicecast
