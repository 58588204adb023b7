// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "rtp/packet_filter.hpp"
#include "rtp/srtp.hpp"

namespace voicecast {

/// Keeps packets of foreign sources (SSRC) from srtpdec, which allocates state for a source before it checks the
/// authentication tag. Authenticates the first packet of each source without state; after that the source is known.
/// Placed after the demultiplexing of DTLS; the thread that decrypts.
class SourceGuard {
 public:
  /// Gives the peer's keys; nothing before the DTLS handshake is complete.
  using Keys = std::function<std::optional<SrtpKeys>()>;
  enum class Verdict {
    pass,
    unauthenticated,
    refused,  ///< of a source beyond KnownSources::max
    excess,   ///< refused RTP that nobody but the peer can have sent: too much of it ends the peer
  };

  /// `filter` outlives the guard and learns the known sources from it.
  SourceGuard(PacketFilter& filter, Keys keys) : filter_(filter), keys_(std::move(keys)) {}

  /// Judges a packet that PacketFilter has passed.
  Verdict judge(Bytes packet);

 private:
  bool is_authentic(PacketKind kind, Bytes packet);

  PacketFilter& filter_;
  Keys keys_;
  RefusedSources refused_;
  std::optional<SrtpVerifier> verifier_;  ///< empty before there are keys
};

}  // namespace voicecast
