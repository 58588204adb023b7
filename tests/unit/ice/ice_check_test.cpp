// SPDX-License-Identifier: MIT
#include "ice/ice_check.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "unit/stun_client.hpp"

namespace voicecast {
namespace {

sockaddr_storage client_address() {
  sockaddr_storage storage{};
  auto* address = reinterpret_cast<sockaddr_in*>(&storage);
  address->sin_family = AF_INET;
  address->sin_port = htons(40000);
  address->sin_addr.s_addr = htonl(0x7f000001);
  return storage;
}

struct Judged : IceChecks::Verdict {
  std::vector<std::uint8_t> answer;
};

Judged judge(const std::vector<std::uint8_t>& packet) {
  IceChecks checks;
  const auto from = client_address();
  std::array<std::uint8_t, IceChecks::max_answer_bytes> answer{};
  Judged judged{checks.judge(
                    packet, from, sizeof(sockaddr_in),
                    [](std::string_view ufrag) { return ufrag == "ours" ? &password : nullptr; }, answer),
                {}};
  judged.answer.assign(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(judged.answer_bytes));
  return judged;
}

int type_of(const std::vector<std::uint8_t>& message) { return message[0] << 8 | message[1]; }
constexpr int success = 0x0101, error = 0x0111;  // RFC 8489 §5: of a Binding

TEST(IceCheck, ValidPasswordGetsResponse) {
  const auto judged = judge(make_check());
  EXPECT_TRUE(judged.is_valid);
  EXPECT_FALSE(judged.nominates);
  EXPECT_EQ(judged.priority, 12345u);
  EXPECT_EQ(type_of(judged.answer), success);
}

TEST(IceCheck, ClientAcceptsResponse) {
  StunAgent agent;
  init_client(agent);
  const CheckText text;  // the agent remembers where the password is, not what it is
  const auto judged = judge(make_check(text, &agent));
  StunMessage message;
  ASSERT_EQ(stun_agent_validate(&agent, &message, judged.answer.data(), judged.answer.size(), nullptr, nullptr),
            STUN_VALIDATION_SUCCESS);
  sockaddr_storage mapped{};
  socklen_t size = sizeof mapped;
  EXPECT_EQ(stun_usage_ice_conncheck_process(&message, &mapped, &size, STUN_USAGE_ICE_COMPATIBILITY_RFC5245),
            STUN_USAGE_ICE_RETURN_SUCCESS);
  const auto from = client_address();
  EXPECT_EQ(std::memcmp(&mapped, &from, sizeof(sockaddr_in)), 0);
}

TEST(IceCheck, Nomination) { EXPECT_TRUE(judge(make_check({.nominates = true})).nominates); }

TEST(IceCheck, UnknownUserGetsNoResponse) {
  for (const auto& text : {CheckText{.username = "other:theirs"}, CheckText{.username = "ours"},
                           CheckText{.key = "another"}, CheckText{.username = ":"}}) {
    const auto judged = judge(make_check(text));
    EXPECT_FALSE(judged.is_valid) << text.username;
    EXPECT_EQ(judged.answer_bytes, 0u) << text.username;
  }
}

TEST(IceCheck, AnyChangedByteIsDetected) {
  const auto good = make_check();
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 0x10;
    const auto judged = judge(bad);
    EXPECT_FALSE(judged.is_valid) << i;
    EXPECT_EQ(judged.answer_bytes, 0u) << i;
  }
}

TEST(IceCheck, TruncatedIsInvalid) {
  const auto good = make_check();
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(judge({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}).answer_bytes, 0u) << size;
}

TEST(IceCheck, ControlledClientGetsRoleConflict) {
  const auto judged = judge(make_check({.controls = false}));
  EXPECT_FALSE(judged.is_valid);
  EXPECT_EQ(type_of(judged.answer), error);
}

TEST(IceCheck, ResponseIsNotLongerThanRequest) {
  for (const bool controls : {true, false}) {
    const auto check = make_check({.controls = controls});
    EXPECT_LE(judge(check).answer_bytes, check.size());
  }
}

}  // namespace
}  // namespace voicecast
