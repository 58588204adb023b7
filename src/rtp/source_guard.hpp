// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "rtp/first_look.hpp"
#include "rtp/srtp.hpp"

namespace voicecast {

/// Keeps packets of sources (SSRC) that are not the peer's from srtpdec, which makes state for each source before it
/// looks at the tag. The first packet of a source is authenticated here, without state, and from then on the source is
/// known. Behind DTLS, on the thread that decrypts.
class SourceGuard {
 public:
  /// Gives the peer's keys once DTLS has agreed on them.
  using Keys = std::function<std::optional<SrtpKeys>()>;
  enum class Verdict {
    pass,
    unauthenticated,
    refused,  ///< of a source beyond KnownSources::max
    excess,   ///< refused RTP that nobody but the peer can have sent: too much of it ends the peer
  };

  /// `look` outlives it, and learns the sources from it.
  SourceGuard(FirstLook& look, Keys keys) : look_(look), keys_(std::move(keys)) {}

  /// An RTP packet that read_rtp() reads, or RTCP that begins with one of the packets that name_source() knows.
  Verdict judge(Bytes packet);

 private:
  bool is_authentic(PacketKind kind, Bytes packet);

  FirstLook& look_;
  Keys keys_;
  RefusedSources refused_;
  std::optional<SrtpVerifier> verifier_;  ///< empty before there are keys
};

}  // namespace voicecast
