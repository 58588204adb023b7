// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/signal.hpp"
#include "rtp/media_limit.hpp"
#include "rtp/packet_filter.hpp"
#include "rtp/voice_switch.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// The checks of a peer's packets on the way to webrtcbin's rtpbin: `filter` before webrtcbin's queue, on the thread
/// that delivers the packets, and the rest behind it, on the thread that decrypts them.
struct Activity {
  explicit Activity(unsigned packets_per_second);

  PacketFilter filter;
  MediaLimit limit;
  VoiceSwitch voice;
  /// The part of the peer's RTCP that webrtcbin gets. Set before the first packet.
  enum class Rtcp {
    reports,         ///< a receiver's report blocks
    sender_reports,  ///< a sender's reports
    all,             ///< all of it, for bypass() takes it before webrtcbin
  };
  Rtcp rtcp = Rtcp::reports;
  std::atomic<bool> is_authentic{false};  ///< an authentic packet came since the last query
  std::atomic<bool> reports{false};       ///< it has sent RTCP
  bool is_over = false;                   ///< drops all packets
  /// Called once on that thread, with the reason, when the peer exceeds its limits.
  std::function<void(const std::string& words)> on_excess = {};
};

/// Checks each packet for the webrtcbin and drops the invalid ones, while the Connection is held; call it before there
/// is a transport. Main thread.
Connection watch_activity(GstElement* webrtcbin, std::shared_ptr<Activity> activity);

}  // namespace voicecast
