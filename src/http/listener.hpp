#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "glib/gio.hpp"
#include "glib/main_loop.hpp"
#include "glib/ptr.hpp"
#include "http/icy.hpp"

namespace voicecast {

/// One MP3 listener: an HTTP connection that was taken from libsoup after its request, and what is yet to be sent on
/// it. The frames are shared with all other listeners. Main thread.
///
/// libsoup's own response body would do for a few, but it has no bound for a listener that does not read: what is
/// appended stays. Here a listener who falls behind loses frames, whole ones, and is back at live.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  /// Sends `head`, the response's header. `on_gone` is called once, later on the main loop, when the listener has left
  /// or has taken nothing for 30 s. `max_lag_bytes`: what may wait before frames are skipped.
  static std::shared_ptr<Listener> start(GPtr<GIOStream> connection, GPtr<GBytes> head, std::size_t max_lag_bytes,
                                         std::function<void(const std::shared_ptr<Listener>&)> on_gone);
  Listener(const Listener&) = delete;
  ~Listener();

  /// Whole MP3 frames, sent now or when the connection takes them.
  void send(const GPtr<GBytes>& frames);
  /// Closes once all is sent; `on_gone` follows.
  void finish();
  /// Weaves ICY metadata into what is sent after the head. Call it before the first frame.
  void speak_icy() { icy_.emplace(); }
  /// What is playing now, for a listener who speaks ICY.
  void set_title(std::string_view title) {
    if (icy_) icy_->set_title(title);
  }
  std::uint64_t bytes_sent() const { return bytes_sent_; }

 private:
  Listener(GPtr<GIOStream> connection, std::size_t max_lag_bytes,
           std::function<void(const std::shared_ptr<Listener>&)> on_gone);
  void flush();
  bool take_next();
  void wait_until_writable();
  bool read_and_discard();
  void leave();

  GPtr<GIOStream> connection_;
  std::size_t max_lag_bytes_;
  std::function<void(const std::shared_ptr<Listener>&)> on_gone_;
  std::optional<IcyWeaver> icy_;
  std::deque<GPtr<GBytes>> waiting_;
  GPtr<GBytes> current_;  ///< is being sent, from offset_ on; never skipped, or the next frame would not be found
  std::size_t waiting_bytes_ = 0, offset_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::chrono::steady_clock::time_point last_progress_;
  GUnique<GSource> readable_, writable_;
  bool is_finishing_ = false, is_gone_ = false;
};

}  // namespace voicecast
