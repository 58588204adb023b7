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

/// What comes from a peer, on its way to webrtcbin's rtpbin: `filter` in front of webrtcbin's queue, on the thread that
/// brings the packets, and all else behind it, on the thread that decrypts them.
struct Activity {
  explicit Activity(unsigned packets_per_second);

  PacketFilter filter;
  MediaLimit limit;
  VoiceSwitch voice;
  /// What webrtcbin gets of the peer's RTCP. Before the first packet.
  enum class Rtcp {
    reports,         ///< what a listener says of packets that came
    sender_reports,  ///< what a sender says of its clock
    all,             ///< it is taken before webrtcbin gets it (see bypass())
  };
  Rtcp rtcp = Rtcp::reports;
  std::atomic<bool> is_authentic{false};  ///< something came that was decrypted, since it was last asked
  std::atomic<bool> reports{false};       ///< it has sent RTCP
  bool is_over = false;                   ///< nothing is let through any more
  /// Called there, once, with what was too much.
  std::function<void(const std::string& words)> on_excess = {};
};

/// Has each packet that comes to the webrtcbin looked at, and what is not good dropped, while the Connection is held;
/// before there is a transport.
Connection watch_activity(GstElement* webrtcbin, std::shared_ptr<Activity> activity);

}  // namespace voicecast
