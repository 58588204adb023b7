// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dtls/datagram_bio.hpp"
#include "dtls/dtls_keys.hpp"
#include "dtls/peer_check.hpp"
#include "dtls/record_opener.hpp"

typedef struct ssl_st SSL;

namespace voicecast {

class DtlsContext;

/// What a handshake leaves: 200 bytes.
struct DtlsOutcome {
  DtlsKeys keys;
  RecordOpener opener;
  std::vector<std::uint8_t> close_notify;  ///< the datagram that closes the session, encrypted
  std::vector<std::uint8_t> last_flight;   ///< for a peer that repeats its Finished; empty on the active side
};

/// One handshake by libssl, until it is complete or has failed. Main thread.
class DtlsHandshake {
 public:
  static constexpr std::size_t max_datagram_bytes = 1200;  ///< of those sent

  /// See DtlsSession for `role`, `fingerprint` and `send`, which is called within the functions below.
  DtlsHandshake(std::shared_ptr<const DtlsContext> context, DtlsRole role, std::string fingerprint,
                std::function<void(Bytes)> send);
  DtlsHandshake(const DtlsHandshake&) = delete;

  /// Whether the handshake is complete, after this datagram: an empty one begins it on the active side. Fails with
  /// ErrorCode::closed if the peer has closed the session, ErrorCode::failed otherwise.
  Result<bool> take(Bytes datagram);
  /// The time until repeat(); nothing if no answer is awaited.
  std::optional<std::chrono::milliseconds> time_to_repeat() const;
  /// Sends the last flight again, if it is due. Fails after a dozen of times.
  Status repeat();
  /// The outcome of a complete handshake, which ends with this call. Fails if the peers have no common SRTP profile.
  Result<DtlsOutcome> finish();

 private:
  struct Free {
    void operator()(SSL* p) const;
  };
  Error failure() const;

  const std::shared_ptr<const DtlsContext> context_;
  PeerCheck check_;
  DatagramEnds ends_;
  std::vector<std::uint8_t> last_sent_;
  std::size_t early_records_ = 0;  ///< encrypted ones
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace voicecast
