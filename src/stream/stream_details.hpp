// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "rtp/reception_report.hpp"

namespace voicecast {

/// What clients and operators are told of a live stream.
struct StreamDetails {
  std::string id = {};
  std::string name = {};  ///< for people; may be empty
  std::chrono::system_clock::time_point since = {};
  unsigned webrtc_listeners = 0;
  unsigned mp3_listeners = 0;
  unsigned opus_listeners = 0;                           ///< of the Opus in Ogg, over HTTP
  std::vector<std::chrono::milliseconds> mp3_lags = {};  ///< of each MP3 listener behind live, the largest first
  std::vector<ReceptionReport> receptions = {};          ///< of each WebRTC listener who has reported
  std::uint64_t received_bytes = 0;                      ///< RTP payload
  std::uint64_t received_packets = 0;
  std::uint64_t lost_packets = 0;  ///< gaps in the sequence numbers behind the jitter buffer

  bool is_silent = false;  ///< no packet came for a second, though the sender is connected

  /// Of all kinds.
  unsigned listeners() const { return webrtc_listeners + mp3_listeners + opus_listeners; }
};

/// A name as people may see it: one line without control characters, at most 64 characters; what is not UTF-8 becomes
/// U+FFFD. Pure.
std::string clean_name(const std::string& name);

}  // namespace voicecast
