// SPDX-License-Identifier: MIT
#include "config/reload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "config/options.hpp"

namespace voicecast {
namespace {

using Names = std::vector<std::string_view>;

/// Whether an option has no other valid argument that changes a Config.
bool is_without_a_choice(std::string_view option) {
  constexpr std::array names{"config", "version", "help"};
  return std::ranges::find(names, option) != names.end();
}

/// An argument other than the default.
std::string another_value(std::string_view option) {
  if (option == "bind" || option == "ice-address") return "192.168.1.10";
  if (option == "tls") return "off";
  if (option == "origins") return "any";
  if (option == "ice") return "full";
  if (option == "ice-port-range") return "50000-50999";
  if (option == "nat-1to1") return "203.0.113.7";
  if (option == "stun-server") return "stun:stun.example.org:3478";
  if (option == "turn-server") return "turn:turn.example.org:3478";
  if (option == "egress") return "webrtcbin";
  if (option == "whip-strict") return "yes";
  if (option == "mp3-bitrate") return "64";
  if (option == "pipelines" || option == "state-dir") return "/";
  if (option == "turn-ca") return "/etc/passwd";  // any file
  if (option == "log-level") return "debug";
  return "7";
}

TEST(Reload, EveryOptionIsReloadedOrNeedsARestart) {
  for (const Option& option : all_options()) {
    if (is_without_a_choice(option.name) || option.name == "turn-credentials") continue;  // this one has its own test
    Config wanted;
    ASSERT_TRUE(option.set(wanted, another_value(option.name))) << option.name;
    ASSERT_NE(wanted, Config{}) << option.name;
    const auto said = changes_for_a_restart({}, wanted);
    const bool is_taken = take_reloadable({}, wanted) == wanted;
    EXPECT_EQ(said, is_taken ? Names{} : Names{option.name});
  }
}

TEST(Reload, AnotherPasswordOfTurnNeedsARestart) {
  Config wanted;
  wanted.turn_user = "user";
  wanted.turn_password = "password";
  EXPECT_EQ(changes_for_a_restart({}, wanted), Names{"turn-credentials"});
}

TEST(Reload, AppliesGroups) {
  Config wanted;
  wanted.limits.clients = 7;
  wanted.auth.is_on = true;
  wanted.publish.emplace_back().name = "attic";
  EXPECT_EQ(take_reloadable({}, wanted), wanted);
  EXPECT_EQ(changes_for_a_restart({}, wanted), Names{});
}

TEST(Reload, AppliesAnotherCertificateButNotOff) {
  Config wanted;
  wanted.tls = TlsMode::files;
  wanted.tls_certificate = "cert.pem";
  wanted.tls_key = "key.pem";
  EXPECT_EQ(take_reloadable({}, wanted), wanted);
  EXPECT_EQ(changes_for_a_restart({}, wanted), Names{});

  Config off;
  off.tls = TlsMode::off;
  EXPECT_EQ(take_reloadable(wanted, off), wanted);
  EXPECT_EQ(changes_for_a_restart(wanted, off), Names{"tls"});
}

TEST(Reload, UnchangedOptionsAreNotNamed) { EXPECT_EQ(changes_for_a_restart({}, {}), Names{}); }

}  // namespace
}  // namespace voicecast
