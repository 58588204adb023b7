// SPDX-License-Identifier: MIT
#include "access/origin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/address.hpp"

namespace voicecast {
namespace {

using namespace std::string_literals;

const OriginPolicy lan;

OriginPolicy policy_of(std::string_view text) {
  auto policy = parse_origin_policy(text);
  EXPECT_TRUE(policy) << text << ": " << (policy ? "" : policy.error().message);
  return policy ? *policy : OriginPolicy{};
}

TEST(Origin, MissingIsNoPage) {
  EXPECT_TRUE(is_origin_allowed(lan, std::nullopt, "voice.example.com", {}));
  EXPECT_TRUE(is_origin_allowed(policy_of("https://other.example.com"), std::nullopt, "voice.example.com", {}));
}

struct Case {
  std::string origin;
  bool is_allowed;
};

TEST(Origin, LanPolicy) {
  const auto label = std::string(63, 'a') + ".", long_name = label + label + label;  // 192 of 253 characters
  const std::vector<Case> cases = {
      // Addresses, with the first and last of each range and their neighbours.
      {"http://127.0.0.1:8080", true},
      {"http://127.255.255.255", true},
      {"http://126.255.255.255", false},
      {"http://128.0.0.0", false},
      {"http://10.0.0.0", true},
      {"https://10.255.255.255:8443", true},
      {"http://9.255.255.255", false},
      {"http://11.0.0.0", false},
      {"http://172.16.0.0", true},
      {"http://172.31.255.255", true},
      {"http://172.15.255.255", false},
      {"http://172.32.0.0", false},
      {"http://192.168.0.0", true},
      {"http://192.168.255.255", true},
      {"http://192.167.255.255", false},
      {"http://192.169.0.0", false},
      {"http://169.254.0.0", true},
      {"http://169.254.255.255", true},
      {"http://169.253.255.255", false},
      {"http://169.255.0.0", false},
      {"http://100.64.0.1", false},  // other customers of the same provider
      {"http://0.0.0.0", false},
      {"http://8.8.8.8", false},
      {"http://255.255.255.255", false},
      {"http://[::1]:8080", true},
      {"http://[0:0:0:0:0:0:0:1]", true},
      {"http://[::2]", false},
      {"http://[::]", false},
      {"http://[fc00::]", true},
      {"http://[fdff:ffff::1]", true},
      {"http://[FD00::1]", true},
      {"http://[fbff::1]", false},
      {"http://[fe00::1]", false},
      {"http://[fe80::1]", true},
      {"http://[febf::1]", true},
      {"http://[fec0::1]", false},
      {"http://[2001:db8::1]", false},
      {"http://[ff02::1]", false},
      {"http://[::ffff:192.168.1.1]", true},
      {"http://[::ffff:c0a8:101]", true},
      {"http://[::ffff:8.8.8.8]", false},
      {"http://[::192.168.1.1]", false},
      {"http://[64:ff9b::192.168.1.1]", false},
      {"http://[fe80::1%25eth0]", false},
      {"http://[fe80::1%eth0]", false},
      // Names.
      {"http://localhost", true},
      {"http://localhost:3000", true},
      {"http://localhost.", true},
      {"HTTP://LocalHost", true},
      {"http://app.localhost", true},
      {"http://pi", true},
      {"http://voice_server:8080", true},
      {"http://pi.", false},  // the top-level domain, if there is one
      {"https://pi.local", true},
      {"https://PI.LOCAL.:8443", true},
      {"https://a.b.lan", true},
      {"https://nas.home.arpa", true},
      {"https://home.arpa", false},
      {"https://x.arpa", false},
      {"http://.local", false},
      {"http://pi..local", false},
      {"http://pi.local..", false},
      {"http://evil.com", false},
      {"http://localhost.evil.com", false},
      {"http://evil.local.com", false},
      {"http://evil-local", true},
      {"http://evillocal.com", false},
      {"http://home.arpa.evil.com", false},
      {"http://192.168.1.1.evil.com", false},
      {"http://xn--bcher-kva.example", false},
      {"http://xn--bcher-kva.lan", true},
      // Forms of addresses that some resolvers take.
      {"http://3232235777", false},
      {"http://0xc0a80101", false},
      {"http://0XC0A80101", false},
      {"http://0x", false},
      {"http://0300.0250.1.1", false},
      {"http://192.168.001.001", false},
      {"http://0xc0.0xa8.1.1", false},
      {"http://192.168.257", false},
      {"http://192.168.1.256", false},
      {"http://127.1", false},
      {"http://192.168.1.1.", false},
      {"http://pi.127", false},
      {"http://[192.168.1.1]", false},
      {"http://1.2.3.4.5", false},
      {"http://fd00::1", false},
      {"http://::1", false},
      // What no browser sends.
      {"", false},
      {"null", false},
      {"localhost", false},
      {"//localhost", false},
      {"://localhost", false},
      {"http:localhost", false},
      {"http:///localhost", false},
      {"http://", false},
      {"http://localhost/", false},
      {"http://localhost/path", false},
      {"http://localhost?x", false},
      {"http://localhost#x", false},
      {"http://192.168.1.1@evil.com", false},
      {"http://user:pass@192.168.1.1", false},
      {"http://evil.com@localhost", false},
      {"http://evil.com\\@localhost", false},
      {"http://localhost, http://evil.com", false},
      {"http://evil.com http://localhost", false},
      {" http://localhost", false},
      {"http://localhost ", false},
      {"http://localhost\t", false},
      {"http://local%68ost", false},
      {"http://l\xc3\xb6we", false},
      {"http://\xef\xbc\x91.local", false},
      {"http://localhost\0.evil.com"s, false},
      {"http://192.168.1.1\0.evil.com"s, false},
      {"http://localhost:", false},
      {"http://localhost:x", false},
      {"http://localhost:-1", false},
      {"http://localhost:+1", false},
      {"http://localhost:65535", true},
      {"http://localhost:65536", false},
      {"http://localhost:80:80", false},
      {"http://[::1", false},
      {"http://::1]", false},
      {"http://[]", false},
      {"http://[::1]x", false},
      {"http://[::1]x80", false},
      {"http://[localhost]", false},
      {"http://" + std::string(63, 'a'), true},
      {"http://" + std::string(64, 'a'), false},
      {"http://" + long_name + std::string(55, 'a') + ".local", true},
      {"http://" + long_name + std::string(56, 'a') + ".local", false},
      {"http://" + std::string(100000, 'a') + ".local", false},
      // Not pages of a network.
      {"file://", false},
      {"file://localhost", false},
      {"chrome-extension://abcdefghijklmnopabcdefghijklmnop", false},
      {"capacitor://localhost", false},
      {"ws://localhost", false},
      {"javascript://localhost", false},
  };
  for (const auto& [origin, is_allowed] : cases)
    EXPECT_EQ(is_origin_allowed(lan, origin, "voice.example.com", {}), is_allowed) << origin.substr(0, 100);
}

TEST(Origin, SameHost) {
  const OriginPolicy strict{.is_any = false, .is_lan = false, .listed = {}};
  struct SameHostCase {
    std::string origin, host;
    bool is_allowed;
  };
  const std::vector<SameHostCase> cases = {
      {"https://voice.example.com", "voice.example.com", true},
      {"https://voice.example.com", "voice.example.com:8443", true},
      {"http://voice.example.com:8080", "voice.example.com:8443", true},
      {"https://Voice.example.com.", "voice.EXAMPLE.com", true},
      {"http://8.8.8.8", "8.8.8.8:8080", true},
      {"http://[2001:db8:0::1]", "[2001:db8::1]:8080", true},
      {"https://example.com", "voice.example.com", false},
      {"https://voice.example.com", "example.com", false},
      {"https://voice.example.com", "", false},
      {"https://", "", false},
      {"null", "null", false},
      {"", "", false},
      {"app://voice.example.com", "voice.example.com", false},
      {"http://8.8.8.8", "8.8.8.9", false},
      {"https://evil.com", "user@evil.com", false},
  };
  for (const auto& [origin, host, is_allowed] : cases)
    EXPECT_EQ(is_origin_allowed(strict, origin, host, {}), is_allowed) << origin << " " << host;
}

TEST(Origin, AnyIsAny) {
  const auto any = policy_of(" any ");
  for (const auto* origin : {"null", "", "https://evil.com", "file://"})
    EXPECT_TRUE(is_origin_allowed(any, origin, "pi", {}));
  EXPECT_TRUE(is_host_allowed(any, "evil.com", {}));
}

TEST(Origin, ListedOnes) {
  const auto policy = policy_of(
      "https://ha.example.com, http://10.0.0.5:8123/,example.org ,other.org:8443,capacitor://localhost,fd00::1");
  const std::vector<Case> cases = {
      {"https://ha.example.com", true},
      {"https://HA.example.com.", true},
      {"https://ha.example.com:443", true},
      {"https://ha.example.com:8443", false},
      {"http://ha.example.com", false},
      {"http://ha.example.com:443", false},
      {"https://x.ha.example.com", false},
      {"https://example.com", false},
      {"http://10.0.0.5:8123", true},
      {"http://10.0.0.5", false},
      {"http://10.0.0.6:8123", false},
      {"http://example.org", true},
      {"https://example.org:1234", true},
      {"ftp://example.org", false},
      {"https://other.org:8443", true},
      {"http://other.org:8443", true},
      {"https://other.org", false},
      {"capacitor://localhost", true},
      {"http://localhost", false},
      {"http://[fd00::1]:1", true},
      {"http://[fd00::2]", false},
      {"http://192.168.1.1", false},
      {"null", false},
  };
  for (const auto& [origin, is_allowed] : cases)
    EXPECT_EQ(is_origin_allowed(policy, origin, "voice.example.com", {}), is_allowed) << origin;
}

TEST(Origin, ListMayIncludeLan) {
  const auto policy = policy_of("https://ha.example.com,lan");
  EXPECT_TRUE(is_origin_allowed(policy, "http://192.168.1.1", "pi", {}));
  EXPECT_TRUE(is_origin_allowed(policy, "https://ha.example.com", "pi", {}));
  EXPECT_FALSE(is_origin_allowed(policy, "https://evil.com", "pi", {}));
}

TEST(Host, OnlyNamesOutsidePublicDns) {
  const LocalNames names{{"localhost", "Pi.example.com", "pi4"}, {"office.example.org"}};
  const std::vector<Case> cases = {
      {"192.168.1.1", true},
      {"8.8.8.8:8080", true},
      {"100.64.0.1", true},
      {"[2001:db8::1]:8443", true},
      {"[::1]", true},
      {"localhost:8080", true},
      {"pi.example.com", true},
      {"PI.example.com.:8443", true},
      {"pi4", true},
      {"raspberry", true},
      {"raspberry.", false},
      {"raspberry.local:8080", true},
      {"raspberry.lan", true},
      {"raspberry.home.arpa", true},
      {"raspberry.internal", true},
      {"RASPBERRY.Home.:8080", true},
      {"raspberry.localdomain", true},
      {"raspberry.fritz.box", true},
      {"fritz.box", false},
      {"raspberry.box", false},
      {"evilfritz.box", false},
      {"raspberry.office.example.org", true},
      {"a.b.Office.example.org.:8080", true},
      {"office.example.org", false},
      {"evil-office.example.org", false},
      {"evil.example.org", false},
      {"internal", true},
      {"internal.", false},
      {"internal.evil.com", false},
      {"evil.xinternal", false},
      {"app.localhost", true},
      {"example.com", false},
      {"x.pi.example.com", false},
      {"evil.com:8080", false},
      {"localhost.evil.com", false},
      {"192.168.1.1.evil.com", false},
      {"pi.tail1234.ts.net", false},
      {"", false},
      {":8080", false},
      {"3232235777", false},
      {"0x7f.1", false},
      {"127.1", false},
      {"::1", false},
      {"[fe80::1%25eth0]", false},
      {"evil.com@localhost", false},
      {"localhost, evil.com", false},
      {"localhost/", false},
      {"http://localhost", false},
      {"l\xc3\xb6we.local", false},
  };
  for (const auto& [host, is_allowed] : cases) EXPECT_EQ(is_host_allowed(lan, host, names), is_allowed) << host;
}

TEST(Origin, NamesOfTheLocalNetwork) {
  const LocalNames names{{"localhost", "pi.example.com"}, {"office.example.org"}};
  const std::vector<Case> cases = {
      {"http://ha.internal:8123", true},         {"http://ha.home", true},
      {"http://ha.localdomain", true},           {"http://ha.fritz.box:8123", true},
      {"http://ha.office.example.org", true},    {"https://pi.example.com:8123", true},
      {"http://x.pi.example.com", false},        {"http://office.example.org", false},
      {"http://evil-office.example.org", false}, {"http://ha.internal.evil.com", false},
  };
  for (const auto& [origin, is_allowed] : cases) {
    EXPECT_EQ(is_origin_allowed(lan, origin, "10.0.0.1", names), is_allowed) << origin;
    EXPECT_FALSE(is_origin_allowed(policy_of("https://a.example"), origin, "10.0.0.1", names)) << origin;
  }
}

TEST(FrameAncestors, AreThePagesThatMayUseTheServer) {
  const LocalNames names{{"localhost"}, {"office.example.org"}};
  EXPECT_EQ(frame_ancestors(policy_of("any"), "pi", names), "");
  EXPECT_EQ(frame_ancestors(policy_of("https://ha.example.com,a.example,b.example:81,fd00::1"), "10.0.0.5:8080", names),
            "'self' http://10.0.0.5:* https://ha.example.com:443 http://a.example:* http://b.example:81");
  EXPECT_THAT(frame_ancestors(lan, "[::1]:8080", names),
              testing::AllOf(testing::StartsWith("'self' http://localhost:* http://*.localhost:* http://*.local:*"),
                             testing::EndsWith("http://*.fritz.box:* http://*.office.example.org:*")));
  for (const auto* host : {"", "a;b", "a b", "*", "'none'"})
    EXPECT_EQ(frame_ancestors(policy_of("a.example"), host, names), "'self' http://a.example:*") << host;
}

TEST(OriginRefusal, NamesTheSetting) {
  const auto refuse = [](const char* policy, std::optional<std::string_view> host,
                         std::optional<std::string_view> origin) {
    return refuse_origin(policy_of(policy), host, origin, {}).value_or(OriginRefusal{"", "nothing"});
  };
  EXPECT_EQ(refuse("lan", "pi", "http://pi.lan").origins, "nothing");
  EXPECT_EQ(refuse("lan", std::nullopt, std::nullopt).origins, "nothing");
  const auto of_host = refuse("lan", "Pi.Tail1234.ts.net.:8080", std::nullopt);
  EXPECT_EQ(of_host.words, "this server does not accept the host name pi.tail1234.ts.net");
  EXPECT_EQ(of_host.origins, "lan,pi.tail1234.ts.net");
  const auto of_origin = refuse("lan", "10.0.0.1", "https://Example.com:8443");
  EXPECT_EQ(of_origin.words, "pages of https://example.com:8443 may not use this server");
  EXPECT_EQ(of_origin.origins, "lan,https://example.com:8443");
  EXPECT_EQ(refuse("lan", "10.0.0.1", "http://[2001:db8::1]:80").origins, "lan,http://[2001:db8::1]");
  EXPECT_EQ(refuse("https://a.example,b.example:81,fd00::1", "pi.ts.net", std::nullopt).origins,
            "https://a.example,b.example:81,[fd00::1],pi.ts.net");
  for (const auto* origin : {"null", "nonsense", "http://a b", ""}) {
    EXPECT_EQ(refuse("lan", "10.0.0.1", origin).origins, "") << origin;
    EXPECT_EQ(refuse("lan", "10.0.0.1", origin).words, "pages without an origin of their own may not use this server");
  }
  for (const auto* host : {"", "a b", "<script>", "127.1"}) EXPECT_EQ(refuse("lan", host, std::nullopt).origins, "");
}

TEST(OriginRefusal, SuggestedSettingWorks) {
  const std::vector<std::string> policies = {"lan", "https://a.example,b.example:81,fd00::1,http://[fd00::2]:82"};
  for (const auto& text : policies)
    for (const auto* origin :
         {"https://x.example", "http://x.example:8080", "app://x.example", "http://[2001:db8::1]:1"})
      for (const auto* host : {"x.ts.net:8080", "10.0.0.1"}) {
        auto policy = policy_of(text);
        for (auto refusal = refuse_origin(policy, host, origin, {}); refusal;
             refusal = refuse_origin(policy, host, origin, {})) {
          const auto better = policy_of(refusal->origins);
          EXPECT_EQ(better.listed.size(), policy.listed.size() + 1);
          policy = better;
        }
      }
}

TEST(Host, MissingIsNoBrowser) { EXPECT_TRUE(is_host_allowed(lan, std::nullopt, {})); }

TEST(Host, ListedOnes) {
  const auto policy = policy_of("https://voice.example.com:8443");
  EXPECT_TRUE(is_host_allowed(policy, "voice.example.com", {}));
  EXPECT_TRUE(is_host_allowed(policy, "192.168.1.1", {}));
  EXPECT_TRUE(is_host_allowed(policy, "pi.local", {}));
  EXPECT_FALSE(is_host_allowed(policy, "example.com", {}));
}

TEST(OriginPolicy, Words) {
  EXPECT_EQ(policy_of("lan"), OriginPolicy{});
  EXPECT_TRUE(policy_of("any").is_any);
  const auto listed = policy_of("lan,https://ha.example.com");
  EXPECT_TRUE(listed.is_lan);
  EXPECT_FALSE(listed.is_any);
  EXPECT_THAT(listed.listed, testing::ElementsAre(ListedOrigin{"https", "ha.example.com", 443}));
}

TEST(OriginPolicy, ErrorsNameTheFault) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "\"\" is not an origin"},
      {"lan,", "\"\" is not an origin"},
      {"lan,any", "\"any\" cannot be combined with others"},
      {"https://ok.example.com,null", "\"null\" is not an origin"},
      {"*", "wildcards are not supported"},
      {"https://*.example.com", "wildcards are not supported"},
      {"https://example.com/path", "\"https://example.com/path\" is not an origin"},
      {"https://example.com//", "is not an origin"},
      {"https://user@example.com", "is not an origin"},
      {"https://b\xc3\xbc"
       "cher.example",
       "is not an origin"},
      {"https://example.com:99999", "is not an origin"},
      {"a b", "\"a b\" is not an origin"},
  };
  for (const auto& [text, words] : cases) {
    const auto policy = parse_origin_policy(text);
    ASSERT_FALSE(policy) << text;
    EXPECT_THAT(policy.error().message, testing::HasSubstr(words));
  }
}

TEST(Address, HasOneForm) {
  EXPECT_EQ(address_text(*parse_address("FD00:0:0::0:1")), "fd00::1");
  EXPECT_EQ(address_text(*parse_address("192.168.1.5")), "192.168.1.5");
  for (const auto* text : {"", "1", "1.2.3", "01.2.3.4", "1.2.3.4 ", "[::1]", "::1%lo", "1.2.3.4/8", "::1/128"})
    EXPECT_FALSE(parse_address(text)) << text;
}

}  // namespace
}  // namespace voicecast
