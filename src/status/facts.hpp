// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/refusals.hpp"
#include "base/histogram.hpp"
#include "publish/push_status.hpp"
#include "radio/listener_counters.hpp"
#include "rtp/packet_drops.hpp"
#include "stream/stream_details.hpp"

namespace voicecast {

/// The HTTP listeners of one format.
struct ListenerFacts {
  unsigned count = 0;         ///< now
  ListenerCounters counters;  ///< since the start
};

/// The input of the status documents; the caller gathers it for each request. A value type.
struct Facts {
  bool webrtc_available = false;
  std::vector<std::string> missing_elements;  ///< with Debian packages: "nicesrc (gstreamer1.0-nice)"
  bool audio_server_running = false;          ///< the audio port is listening
  std::vector<StreamDetails> active_streams;  ///< oldest first
  unsigned connected_clients = 0;             ///< open WebSockets
  unsigned receivers = 0;                     ///< WebRTC listeners
  unsigned connected_receivers = 0;           ///< those with an established connection
  ListenerFacts mp3_listeners, opus_listeners;
  unsigned mp3_encoders = 0;
  std::uint64_t audio_bytes_received = 0;  ///< RTP payload from senders
  std::uint64_t audio_packets_received = 0;
  std::uint64_t audio_packets_lost = 0;
  std::uint64_t packets_unsent = 0;         ///< packets to WebRTC listeners that the socket refused
  DropCounts packets_dropped{};             ///< from WebRTC peers and unknown sources, by reason
  double cpu_seconds = 0;                   ///< of the process
  double decoder_cpu_seconds = 0;           ///< of the MP3 decoder threads
  double encoder_cpu_seconds = 0;           ///< of the MP3 encoder threads
  std::uint64_t streams_total = 0;          ///< since the start
  std::vector<PublisherStatus> publishers;  ///< in the order of the configuration
  ReceptionHistograms receptions;           ///< WebRTC listeners' reports
  Histogram join_times;                     ///< from a WebRTC listener's request to its connection
  Histogram loop_rounds;                    ///< the delays of events in the main loop
  unsigned tcp_connections = 0;
  RefusalCounts refusals;
  std::chrono::seconds uptime{0};
  std::string version;
  std::uint16_t audio_port = 0;
  std::optional<std::uint16_t> tls_port;  ///< none without HTTPS
  std::string host;                       ///< by what other devices can reach the server; empty: they cannot

  std::uint64_t uptime_seconds() const { return static_cast<std::uint64_t>(uptime.count()); }
  /// The lag of the slowest MP3 listener.
  std::chrono::milliseconds largest_lag() const;
};

}  // namespace voicecast
