// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "rtp/known_sources.hpp"
#include "rtp/packet_drops.hpp"
#include "rtp/srtp.hpp"

namespace voicecast {

/// Tells new packets from repeated ones by their index (RFC 3711 §3.3.2). Note authentic packets only.
class ReplayWindow {
 public:
  /// The number of indices that are remembered; RFC 3711 §3.3.2 requires 64 or more.
  static constexpr std::uint32_t size = 64;

  /// Whether the index was not noted yet; false, too, for one below the window.
  bool is_new(std::uint32_t index) const {
    if (noted_ == 0 || index > highest_) return true;
    const auto back = highest_ - index;
    return back < size && (noted_ >> back & 1U) == 0;
  }
  /// Notes an index for which is_new() is true.
  void note(std::uint32_t index) {
    if (noted_ != 0 && index < highest_) {
      noted_ |= std::uint64_t{1} << (highest_ - index);
      return;
    }
    const auto step = noted_ == 0 ? size : index - highest_;
    noted_ = (step < size ? noted_ << step : 0) | 1U;
    highest_ = index;
  }

 private:
  std::uint64_t noted_ = 0;  ///< bit n: the highest index minus n
  std::uint32_t highest_ = 0;
};

/// Opens the SRTCP packets of a peer (RFC 3711 §3.4): replay check, authentication, decryption. Keeps state of
/// authentic sources only, and of KnownSources::max at most. One thread at a time.
class SrtcpReceiver {
 public:
  /// `keys` are those of the remote side.
  explicit SrtcpReceiver(const SrtpKeys& keys);
  /// Gives the compound of a packet that is RTCP by kind_of(), or the reason to drop it: `unauthenticated` for a wrong
  /// tag, a repetition or a packet that is not encrypted; `source` for a source too many.
  std::variant<std::vector<std::uint8_t>, DropReason> open(Bytes packet);

 private:
  struct Source {
    std::uint32_t ssrc = 0;
    ReplayWindow window;
  };
  Source* find(std::uint32_t ssrc);

  SrtpVerifier verifier_;
  SrtpCipher cipher_;
  std::array<Source, KnownSources::max> sources_{};
  std::size_t count_ = 0;
};

}  // namespace voicecast
