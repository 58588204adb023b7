// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace voicecast {

/// Maps the sources (SSRC) of a sender to one, for a browser that restarts its microphone changes its source: the
/// output has the first SSRC and continuous sequence numbers and timestamps. One thread.
class VoiceSwitch {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// The silence of the active source after which another source becomes active. Continuous Opus has a packet every 120
  /// ms at least (RFC 7587 §4.2).
  static constexpr std::chrono::milliseconds quiet{200};

  /// The mapped header of a packet; nothing while another source is active: the packet is to be dropped. `header`: at
  /// least 12 bytes of RTP.
  struct Header {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0, ssrc = 0;
    bool is_changed = false;  ///< it differs from the input
  };
  std::optional<Header> map(std::span<const std::uint8_t> header, Time now);

  /// The mapped timestamp and SSRC of a sender report; nothing if its source is not active.
  std::optional<Header> map_report(std::uint32_t ssrc, std::uint32_t rtp_time) const;
  /// Whether a source other than the first is, or was, active.
  bool has_switched() const { return has_switched_; }

 private:
  void take_over(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp, Time now);

  std::optional<std::uint32_t> first_;
  std::uint32_t current_ = 0, time_shift_ = 0, last_time_ = 0;
  std::uint16_t sequence_shift_ = 0, last_sequence_ = 0;  ///< the latter of the output, as last_time_
  Time last_{};
  bool has_switched_ = false;
};

}  // namespace voicecast
