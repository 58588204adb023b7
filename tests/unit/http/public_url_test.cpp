// SPDX-License-Identifier: MIT
#include "http/public_url.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace voicecast {
namespace {

const PublicUrl own{"http", "10.0.0.2:8080", ""};

TEST(PublicUrl, IsOwnByDefault) { EXPECT_EQ(apply_forwarded(own, {}).text(), "http://10.0.0.2:8080"); }

TEST(PublicUrl, IsTheProxys) {
  EXPECT_EQ(apply_forwarded(own, {"https", "voice.example.com", "/voice"}).text(), "https://voice.example.com/voice");
  EXPECT_EQ(apply_forwarded(own, {"HTTPS", "[2001:db8::1]:8443", "/a/b-c_d.e~f/"}).text(),
            "https://[2001:db8::1]:8443/a/b-c_d.e~f");
  EXPECT_EQ(apply_forwarded(own, {"https", "", ""}).text(), "https://10.0.0.2:8080");
  EXPECT_EQ(apply_forwarded(own, {"", "voice.example.com:81", ""}).text(), "http://voice.example.com:81");
  EXPECT_EQ(apply_forwarded(own, {"", "", "/voice"}).text(), "http://10.0.0.2:8080/voice");
}

TEST(PublicUrl, NamesAPort) {
  for (const auto* host : {"pi:8080", "[::1]:8080", "10.0.0.2:8080"}) {
    EXPECT_TRUE(names_port({"http", host, ""}, 8080)) << host;
    EXPECT_FALSE(names_port({"http", host, ""}, 80)) << host;
    EXPECT_FALSE(names_port({"http", host, ""}, 1)) << host;
  }
  for (const auto* host : {"pi", "[::1]", "[fe80::8080]", "10.0.0.2"}) {
    EXPECT_TRUE(names_port({"http", host, ""}, 80)) << host;
    EXPECT_TRUE(names_port({"https", host, ""}, 443)) << host;
    EXPECT_FALSE(names_port({"https", host, ""}, 80)) << host;
    EXPECT_FALSE(names_port({"http", host, ""}, 8080)) << host;
  }
  EXPECT_FALSE(names_port({"http", "pi:18080", ""}, 8080));
}

TEST(PublicUrl, TakesTheFirstOfAList) {
  EXPECT_EQ(apply_forwarded(own, {"https, http", "a.example , b.internal:80", "/a,/b"}).text(), "https://a.example/a");
}

TEST(PublicUrl, IgnoresMalformedFields) {
  for (const auto* proto : {"", " ", "ftp", "wss", "https:", "javascript", "http https", "\x80"})
    EXPECT_EQ(apply_forwarded(own, {proto, "", ""}).scheme, "http") << proto;
  const std::vector<std::string> hosts = {"",    " ",       "/",    "a/b",       "user@a", "a b",
                                          "a:b", "a:99999", "[::1", "a\r\nX: y", "\"",     std::string(300, 'a')};
  for (const auto& host : hosts) EXPECT_EQ(apply_forwarded(own, {"", host, ""}).host, own.host) << host;
  const std::vector<std::string> prefixes = {"",
                                             "/",
                                             "//",
                                             "voice",
                                             "//evil.example",
                                             "/a//b",
                                             "/..",
                                             "/a/../b",
                                             "/./",
                                             "/a?b",
                                             "/a#b",
                                             "/a b",
                                             "/%2e",
                                             "http://a",
                                             "/\x80",
                                             "/a\r\nX: y",
                                             "/<b>",
                                             "\\",
                                             "/" + std::string(256, 'a')};
  for (const auto& prefix : prefixes) EXPECT_EQ(apply_forwarded(own, {"", "", prefix}).prefix, "") << prefix;
  EXPECT_EQ(apply_forwarded(own, {"", "", "/" + std::string(255, 'a')}).prefix.size(), 256U);
}

}  // namespace
}  // namespace voicecast
