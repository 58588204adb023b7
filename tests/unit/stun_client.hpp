// SPDX-License-Identifier: MIT
#pragma once

#include <stun/usages/ice.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace voicecast {

inline const std::string password = "a password of 22 letters";

struct CheckText {
  std::string username = "ours:theirs", key = password;
  bool nominates = false, controls = true;
};

/// A client's STUN, by libnice.
inline void init_client(StunAgent& agent) {
  static constexpr std::array<std::uint16_t, 3> known{STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
                                                      STUN_ATTRIBUTE_MESSAGE_INTEGRITY, 0};
  stun_agent_init(
      &agent, known.data(), STUN_COMPATIBILITY_RFC5389,
      static_cast<StunAgentUsageFlags>(STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT));
}

/// A connectivity check. `agent` remembers it, and where the password is.
inline std::vector<std::uint8_t> make_check(const CheckText& text = {}, StunAgent* agent = nullptr) {
  StunAgent own;
  init_client(own);
  if (!agent) agent = &own;
  std::vector<std::uint8_t> bytes(512);
  StunMessage message;
  const auto size = stun_usage_ice_conncheck_create(
      agent, &message, bytes.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(text.username.data()),
      text.username.size(), reinterpret_cast<const std::uint8_t*>(text.key.data()), text.key.size(), text.nominates,
      text.controls, 12345, 7, nullptr, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
  bytes.resize(size);
  return bytes;
}

}  // namespace voicecast
