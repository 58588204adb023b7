// SPDX-License-Identifier: MIT
#pragma once

#include <stun/stunagent.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace voicecast {

/// Verifies ICE connectivity checks for a lite agent, which is always controlled (RFC 8445 §7.3), with libnice's STUN.
/// Allocates nothing, and sends no response to a check with a wrong password. One thread at a time.
class IceChecks {
 public:
  struct Verdict {
    bool is_valid = false;         ///< the password is right; the response is a success
    bool nominates = false;        ///< USE-CANDIDATE (RFC 8445 §7.1.2)
    std::uint32_t priority = 0;    ///< PRIORITY (RFC 8445 §7.1.1), of the peer's candidate
    std::size_t answer_bytes = 0;  ///< 0: no response
  };
  /// The password for the first part of a USERNAME, the local ufrag; null if it is unknown. The string must stay valid
  /// until judge() returns.
  using PasswordOf = std::function<const std::string*(std::string_view ufrag)>;

  IceChecks();
  IceChecks(const IceChecks&) = delete;

  /// Verifies `packet`, received from `from`, and writes the response, which is never longer than the packet.
  Verdict judge(std::span<const std::uint8_t> packet, const sockaddr_storage& from, socklen_t from_size,
                const PasswordOf& password_of, std::span<std::uint8_t> answer);

  /// The largest response in bytes: header, IPv6 address, error text, integrity and fingerprint.
  static constexpr std::size_t max_answer_bytes = 256;

 private:
  StunAgent agent_;
};

}  // namespace voicecast
