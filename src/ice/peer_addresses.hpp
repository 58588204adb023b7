// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "ice/ice_session.hpp"

namespace voicecast {

/// The sessions of an IcePort by the remote addresses of their valid checks. Sessions may share an address: that of a
/// client with one socket for several, of a client that returns, or one that a peer forges to receive another's
/// packets. One thread.
class PeerAddresses {
 public:
  /// The maximum of addresses per session; a client with many interfaces has ten. A further one replaces any other, and
  /// that one's next check adds it again.
  static constexpr std::ptrdiff_t max_addresses = 32;
  /// The maximum of sessions per address. A further one replaces the last: nobody displaces the earlier ones.
  static constexpr std::size_t max_sharers = 4;

  /// Notes a valid check of the session.
  void note(const IceAddress& from, const std::shared_ptr<IceSession>& session);
  /// Passes on a packet other than STUN; false if its address is unknown. Media goes to all sessions of the address,
  /// for each authenticates its own; DTLS, which begins in the clear, to the one with the latest check.
  bool deliver(const IceAddress& from, std::span<const std::uint8_t> packet) const;
  void forget_closed();

 private:
  struct Sharers {
    std::vector<std::shared_ptr<IceSession>> sessions;  ///< in the order of their first checks
    std::shared_ptr<IceSession> latest;                 ///< the one with the latest check
    bool has(const std::shared_ptr<IceSession>& session) const;
  };
  void make_room(const std::shared_ptr<IceSession>& session);

  std::unordered_map<IceAddress, Sharers, IceAddressHash> sharers_;
};

}  // namespace voicecast
