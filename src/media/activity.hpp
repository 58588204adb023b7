#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "glib/signal.hpp"
#include "media/media_limit.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// What comes from a peer, RTP, RTCP or DTLS: whether anything came since it was last asked, and what is too much.
struct Activity {
  explicit Activity(MediaLimit most) : limit(std::move(most)) {}
  std::atomic<bool> is_heard{false};
  std::atomic<bool> is_authentic{false};  ///< something came that was decrypted
  MediaLimit limit;                       ///< of the thread that brings the packets
  bool is_over = false;                   ///< on that thread, too: nothing is let through any more
  /// Called there, once, with what was too much.
  std::function<void(const std::string& words)> on_excess = {};
};

/// Has each packet that comes to the webrtcbin noted, and what is too much dropped, while the Connection is held;
/// before there is a transport.
Connection watch_activity(GstElement* webrtcbin, std::shared_ptr<Activity> activity);

}  // namespace voicecast
