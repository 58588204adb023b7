// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "rtp/reception_report.hpp"

namespace voicecast {

/// A live stream's details for clients and operators. A value type.
struct StreamDetails {
  std::string id = {};
  std::string name = {};  ///< the display name; may be empty
  std::chrono::system_clock::time_point since = {};
  unsigned webrtc_listeners = 0;
  unsigned mp3_listeners = 0;
  unsigned opus_listeners = 0;                           ///< HTTP listeners of Opus in Ogg
  std::vector<std::chrono::milliseconds> mp3_lags = {};  ///< of each MP3 listener, longest first
  std::vector<ReceptionReport> receptions = {};          ///< of each WebRTC listener with a report
  std::uint64_t received_bytes = 0;                      ///< RTP payload
  std::uint64_t received_packets = 0;
  std::uint64_t lost_packets = 0;  ///< gaps in the sequence after the jitter buffer

  bool is_silent = false;  ///< no packet for a second, although the sender is connected

  /// The sum of all kinds.
  unsigned listeners() const { return webrtc_listeners + mp3_listeners + opus_listeners; }
};

/// Filters a display name: one line without control characters, at most 64 characters; invalid UTF-8 becomes U+FFFD.
/// Pure.
std::string clean_name(const std::string& name);

}  // namespace voicecast
