// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "audio/mp3_output.hpp"
#include "base/histogram.hpp"
#include "config/ice_config.hpp"
#include "gst/pipeline_text.hpp"
#include "gst/slots.hpp"
#include "ice/turn_tunnel.hpp"

namespace voicecast {

class IcePort;

/// Counters of media from senders: of one stream, or of all since the start. Media threads write them per packet, and
/// may outlive a stream by a moment, so they share ownership; /metrics reads them.
struct MediaCounters {
  std::atomic<std::uint64_t> audio_bytes{0};  ///< RTP payload
  std::atomic<std::uint64_t> audio_packets{0};
  std::atomic<std::uint64_t> lost_packets{0};  ///< gaps in the sequence numbers after the jitter buffer
  std::atomic<std::chrono::steady_clock::time_point> last_packet{std::chrono::steady_clock::time_point()};
};

/// The settings and shared objects of all streams, which it outlives; open_media() in server/from_config.cpp fills it.
/// Main thread, except for the counters.
struct MediaConfig {
  IceConfig ice;  ///< for the ICE agents: with the entrances of the tunnels instead of `turns:` servers
  PipelineTexts texts;
  unsigned mp3_bitrate_kbps = 128;
  bool is_fanned_out = false;          ///< a FanOut per stream sends to WebRTC receivers
  unsigned packets_per_second = 1000;  ///< limit per peer
  std::shared_ptr<MediaCounters> counters = std::make_shared<MediaCounters>();
  std::shared_ptr<EncoderTimes> encoder_times = std::make_shared<EncoderTimes>();
  /// Packets to WebRTC receivers, by all fan-outs since the start; written and read like the counters.
  std::shared_ptr<std::atomic<std::uint64_t>> unsent_packets = std::make_shared<std::atomic<std::uint64_t>>(0);
  Slots peers = {};                ///< all peers, including those that are being stopped
  Slots connected_receivers = {};  ///< WebRTC receivers that are connected, and so get packets
  Histogram join_times = {};       ///< from Stream::join() to the connection, in seconds
  std::vector<std::shared_ptr<TurnTunnel>> tunnels = {};
  std::shared_ptr<IcePort> ice_port = {};  ///< with --ice lite; null: each peer has its own ports (--ice full)
};

}  // namespace voicecast
