// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace voicecast {

/// Makes one source (SSRC) of those that a sender changes between, as a browser does that restarts its microphone: all
/// behind it see the first one's number, and sequence numbers and times that go on. One thread.
class VoiceSwitch {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Another source becomes the voice when the one that is it was silent for so long. Opus without a pause has a packet
  /// each 120 ms at least (RFC 7587 §4.2).
  static constexpr std::chrono::milliseconds quiet{200};

  /// What the header of a packet becomes; nothing: another source is the voice, and the packet is to be dropped.
  /// `header`: 12 bytes of RTP or more.
  struct Header {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0, ssrc = 0;
    bool is_changed = false;  ///< from what it was
  };
  std::optional<Header> map(std::span<const std::uint8_t> header, Time now);

  /// The same for a sender report: the time of a source on the voice's clock. Nothing where the source is not the
  /// voice.
  std::optional<Header> map_report(std::uint32_t ssrc, std::uint32_t rtp_time) const;
  /// Whether another source than the first is the voice, or was.
  bool has_switched() const { return has_switched_; }

 private:
  void take_over(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp, Time now);

  std::optional<std::uint32_t> first_;
  std::uint32_t current_ = 0, time_shift_ = 0, last_time_ = 0;
  std::uint16_t sequence_shift_ = 0, last_sequence_ = 0;  ///< the latter of what was given, as last_time_
  Time last_{};
  bool has_switched_ = false;
};

}  // namespace voicecast
