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

/// What came in from senders: of one stream, or of all since the start. Written per packet on media threads, which may
/// outlive the streams by a moment and share it therefore; read by /metrics.
struct MediaCounters {
  std::atomic<std::uint64_t> audio_bytes{0};  ///< RTP payload
  std::atomic<std::uint64_t> audio_packets{0};
  std::atomic<std::uint64_t> lost_packets{0};  ///< gaps in the sequence numbers behind the jitter buffer
  std::atomic<std::chrono::steady_clock::time_point> last_packet{std::chrono::steady_clock::time_point()};
};

/// What every stream is made with. Outlives all streams.
struct MediaConfig {
  IceConfig ice;  ///< as the ICE agents get it: with the entrances of the tunnels in place of `turns:` servers
  PipelineTexts texts;
  unsigned mp3_bitrate_kbps = 128;
  bool is_fanned_out = false;          ///< WebRTC listeners get their packets from one FanOut for each stream
  unsigned packets_per_second = 1000;  ///< that a peer may send
  std::shared_ptr<MediaCounters> counters = std::make_shared<MediaCounters>();
  std::shared_ptr<EncoderTimes> encoder_times = std::make_shared<EncoderTimes>();
  /// To WebRTC listeners, by all fan-outs since the start; written and read like the counters.
  std::shared_ptr<std::atomic<std::uint64_t>> unsent_packets = std::make_shared<std::atomic<std::uint64_t>>(0);
  Slots peers = {};           ///< all that there are, also those that are being stopped
  Slots hearing = {};         ///< WebRTC listeners that are connected
  Histogram join_times = {};  ///< from a WebRTC listener's request to its connection
  std::vector<std::shared_ptr<TurnTunnel>> tunnels = {};
  std::shared_ptr<IcePort> ice_port = {};  ///< of --ice lite; null: each peer has its own ports (--ice full)
};

}  // namespace voicecast
