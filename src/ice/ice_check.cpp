// SPDX-License-Identifier: MIT
#include "ice/ice_check.hpp"

#include <stun/usages/ice.h>

namespace voicecast {
namespace {

/// The comprehension-required attributes of a check (RFC 8489 §14, RFC 8445 §16.1), terminated by 0.
constexpr std::array<std::uint16_t, 7> known_attributes{STUN_ATTRIBUTE_USERNAME,
                                                        STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
                                                        STUN_ATTRIBUTE_PRIORITY,
                                                        STUN_ATTRIBUTE_USE_CANDIDATE,
                                                        STUN_ATTRIBUTE_ICE_CONTROLLED,
                                                        STUN_ATTRIBUTE_ICE_CONTROLLING,
                                                        0};

bool find_password(StunAgent*, StunMessage* check, std::uint8_t* username, std::uint16_t size, std::uint8_t** password,
                   std::size_t* password_size, void* p) noexcept {
  const std::string_view name(reinterpret_cast<const char*>(username), username ? size : 0);
  const auto colon = name.find(':');
  std::uint16_t integrity_size = 0;  // libnice compares 20 bytes, regardless of the size
  stun_message_find(check, STUN_ATTRIBUTE_MESSAGE_INTEGRITY, &integrity_size);
  if (colon == name.npos || integrity_size != 20) return false;
  const auto* found = (*static_cast<const IceChecks::PasswordOf*>(p))(name.substr(0, colon));
  if (!found) return false;
  *password = reinterpret_cast<std::uint8_t*>(const_cast<char*>(found->data()));  // libnice does not modify it
  *password_size = found->size();
  return true;
}

}  // namespace

IceChecks::IceChecks() {
  stun_agent_init(
      &agent_, known_attributes.data(), STUN_COMPATIBILITY_RFC5389,
      static_cast<StunAgentUsageFlags>(STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT));
}

IceChecks::Verdict IceChecks::judge(std::span<const std::uint8_t> packet, const sockaddr_storage& from,
                                    socklen_t from_size, const PasswordOf& password_of,
                                    std::span<std::uint8_t> answer) {
  StunMessage check{}, reply{};
  auto* context = const_cast<PasswordOf*>(&password_of);  // libnice passes it back unchanged
  const auto validity = stun_agent_validate(&agent_, &check, packet.data(), packet.size(), find_password, context);
  Verdict verdict;
  if (validity == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE) {
    verdict.answer_bytes =
        stun_agent_build_unknown_attributes_error(&agent_, &reply, answer.data(), answer.size(), &check);
  } else if (validity == STUN_VALIDATION_SUCCESS && stun_message_get_class(&check) == STUN_REQUEST &&
             stun_message_get_method(&check) == STUN_BINDING) {
    std::uint64_t tie_breaker = 0;
    if (stun_message_find64(&check, STUN_ATTRIBUTE_ICE_CONTROLLED, &tie_breaker) == STUN_MESSAGE_RETURN_SUCCESS) {
      // The peer must take the controlling role (RFC 8445 §7.3.1.1).
      if (stun_agent_init_error(&agent_, &reply, answer.data(), answer.size(), &check, STUN_ERROR_ROLE_CONFLICT))
        verdict.answer_bytes = stun_agent_finish_message(&agent_, &reply, nullptr, 0);
    } else if (stun_agent_init_response(&agent_, &reply, answer.data(), answer.size(), &check) &&
               stun_message_append_xor_addr(&reply, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, &from, from_size) ==
                   STUN_MESSAGE_RETURN_SUCCESS) {
      verdict.answer_bytes = stun_agent_finish_message(&agent_, &reply, nullptr, 0);
      verdict.is_valid = verdict.answer_bytes > 0;
      verdict.nominates = stun_usage_ice_conncheck_use_candidate(&check);
      verdict.priority = stun_usage_ice_conncheck_priority(&check);
    }
  }
  if (verdict.answer_bytes > packet.size()) verdict.answer_bytes = 0;
  return verdict;
}

}  // namespace voicecast
