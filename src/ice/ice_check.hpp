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

/// Judges ICE connectivity checks as a lite agent does, which is always controlled (RFC 8445 §7.3), with libnice's
/// STUN. Nothing is allocated, and nothing is answered to who does not know the password. One thread at a time.
class IceChecks {
 public:
  struct Verdict {
    bool is_valid = false;         ///< a check of who knows the password; the answer says success
    bool nominates = false;        ///< USE-CANDIDATE (RFC 8445 §7.1.2)
    std::uint32_t priority = 0;    ///< PRIORITY (RFC 8445 §7.1.1), of the peer's candidate
    std::size_t answer_bytes = 0;  ///< 0: it gets none
  };
  /// The password that belongs to the first part of a USERNAME, which is the local ufrag; null: there is none. It stays
  /// where it is until judge() is done.
  using PasswordOf = std::function<const std::string*(std::string_view ufrag)>;

  IceChecks();
  IceChecks(const IceChecks&) = delete;

  /// Judges `packet`, which came from `from`, and writes the answer, which is never longer than the packet.
  Verdict judge(std::span<const std::uint8_t> packet, const sockaddr_storage& from, socklen_t from_size,
                const PasswordOf& password_of, std::span<std::uint8_t> answer);

  /// The largest answer: header, address of IPv6, error text, integrity and fingerprint.
  static constexpr std::size_t max_answer_bytes = 256;

 private:
  StunAgent agent_;
};

}  // namespace voicecast
