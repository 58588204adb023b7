// SPDX-License-Identifier: MIT
#include "sdp/sdpfrag.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

const std::string pwd = "P2uYro0UCOQ4zxjKXaWCBui1";

/// As in RFC 9725 §4.3.2, with the candidates of a phone.
const std::string trickled =
    "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:" + pwd +
    "\r\na=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n"
    "a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0\r\n"
    "a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active\r\na=end-of-candidates\r\n";

TEST(Fragment, OfThePhoneIsRead) {
  const auto fragment = read_fragment(trickled);
  ASSERT_TRUE(fragment) << fragment.error().message;
  EXPECT_EQ(fragment->ice.ufrag, "EsAw");
  EXPECT_EQ(fragment->ice.pwd, pwd);
  EXPECT_TRUE(fragment->is_last);
  const std::vector<std::string> candidates{"candidate:1387637174 1 UDP 2122260223 192.0.2.1 61764 typ host",
                                            "candidate:3471623853 1 UDP 2122194687 198.51.100.2 61765 typ host"};
  EXPECT_EQ(fragment->ice.candidates, candidates) << "TCP is of no use here";
}

TEST(Fragment, MayHaveNoCredentialsOrNoCandidates) {
  const auto bare = read_fragment("a=candidate:1 1 udp 1 192.0.2.1 5 typ host\n");
  ASSERT_TRUE(bare);
  EXPECT_TRUE(bare->ice.ufrag.empty());
  EXPECT_EQ(bare->ice.candidates.size(), 1U);
  EXPECT_FALSE(bare->is_last);
  const auto restart = read_fragment("a=ice-ufrag:abcd\r\na=ice-pwd:" + pwd + "\r\n\r\n");
  ASSERT_TRUE(restart);
  EXPECT_EQ(restart->ice.ufrag, "abcd");
  EXPECT_TRUE(restart->ice.candidates.empty());
}

TEST(Fragment, OfSeveralMediaIsOneIceSession) {
  const std::string second =
      "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=ice-ufrag:EsAw\r\na=ice-pwd:" + pwd + "\r\n";
  EXPECT_TRUE(read_fragment(trickled + second));
  EXPECT_FALSE(read_fragment(trickled + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:other\r\n"));
}

TEST(Fragment, MdnsNamesAreDroppedSilently) {
  const auto fragment = read_fragment("a=candidate:1 1 udp 1 7e1d4b7c-9f3f.local 5 typ host\r\n");
  ASSERT_TRUE(fragment);
  EXPECT_TRUE(fragment->ice.candidates.empty());
}

TEST(Fragment, MalformedCandidatesAreIgnored) {
  const auto fragment = read_fragment(
      "a=candidate:nonsense\r\na=candidate:\r\na=candidate:1 1 udp 1 192.0.2.1 x typ host\r\n"
      "a=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n");
  ASSERT_TRUE(fragment) << fragment.error().message;
  EXPECT_EQ(fragment->ice.candidates, std::vector<std::string>{"candidate:1 1 UDP 1 192.0.2.1 5 typ host"});
}

TEST(Fragment, HasNoNulInUsedFields) {
  const std::string nul(1, '\0');
  EXPECT_FALSE(read_fragment("a=ice-ufrag:abcd" + nul + "\r\na=ice-pwd:" + pwd + "\r\n"));
  EXPECT_FALSE(read_fragment(nul + "a=ice-ufrag:abcd\r\na=ice-pwd:" + pwd + "\r\n"));
  const auto fragment = read_fragment("a=candidate:1 1 udp 1 192.0.2.1" + nul + " 5 typ host\r\n");
  ASSERT_TRUE(fragment);
  EXPECT_TRUE(fragment->ice.candidates.empty());
}

TEST(Fragment, ErrorsNameTheFault) {
  const struct {
    std::string text, words;
  } wrong[] = {
      {"", "is empty"},
      {"v=0\r\n", "neither a= nor m="},
      {"hello", "neither a= nor m="},
      {"a=ice-ufrag:ab\r\na=ice-pwd:" + pwd, "a=ice-ufrag"},
      {"a=ice-ufrag:abcd\r\na=ice-pwd:short", "a=ice-pwd"},
      {"a=ice-ufrag:abcd\r\n", "only one of a=ice-ufrag"},
      {"a=ice-pwd:" + pwd, "only one of a=ice-ufrag"},
      {"a=candidate:nonsense\r\na=candidate:\r\n", "no valid candidate"},
      {"a=ice-ufrag:abcd\r\na=ice-ufrag:abce\r\n", "two ICE sessions"},
  };
  for (const auto& [text, words] : wrong) {
    const auto fragment = read_fragment(text);
    ASSERT_FALSE(fragment) << text;
    EXPECT_EQ(fragment.error().code, ErrorCode::bad_message);
    EXPECT_NE(fragment.error().message.find(words), std::string::npos) << fragment.error().message;
  }
}

TEST(Fragment, HasAHundredCandidatesAtMost) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "a=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n";
  EXPECT_TRUE(read_fragment(text));
  EXPECT_FALSE(read_fragment(text + "a=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n"));
}

TEST(Fragment, RoundTrips) {
  const IceParameters ice{"EsAw", pwd, {"candidate:1 1 UDP 7 192.0.2.1 5 typ host"}};
  const auto text = write_fragment(ice, "0", 111);
  EXPECT_EQ(text,
            "a=ice-options:trickle\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:" +
                pwd + "\r\na=candidate:1 1 UDP 7 192.0.2.1 5 typ host\r\na=end-of-candidates\r\n");
  const auto fragment = read_fragment(text);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->ice.ufrag, ice.ufrag);
  EXPECT_EQ(fragment->ice.pwd, ice.pwd);
  EXPECT_EQ(fragment->ice.candidates, ice.candidates);
  EXPECT_TRUE(fragment->is_last);
}

}  // namespace
}  // namespace voicecast
