// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audio/mp3_frame.hpp"
#include "connection/transport.hpp"
#include "radio/frame_ring.hpp"
#include "radio/icy.hpp"
#include "radio/listener_counters.hpp"
#include "radio/poller.hpp"

namespace voicecast {

/// Settings shared by all listeners of a server.
struct ListenerTerms {
  std::chrono::milliseconds max_lag{4000};  ///< --mp3-max-lag, of both formats: beyond it a listener skips to live
  std::chrono::milliseconds stalled_limit{
      30000};                ///< a listener that reads nothing for so long is dropped (radio servers: 10 to 60 s)
  std::string silent_frame;  ///< one MP3 frame
};

/// A listener's start in a ring.
struct Entry {
  std::uint64_t number = 0;       ///< the first frame
  std::size_t silent_frames = 0;  ///< sent before it
  bool needs_clean_join = false;  ///< MP3 frames refer to earlier ones (see CleanJoin)
};

/// One HTTP listener: a connection taken from libsoup after its request, and a position in a ring of frames. Shared
/// frames are sent from the ring without a copy; the listener's own bytes (response head, first frames, ICY metadata)
/// are a string of some kilobytes, freed once sent. Main thread.
///
/// No queue grows for a listener that does not read: at most 16 frames are copied for it, and only if it cannot be sent
/// the shared ones (TLS, ICY, first frames). Beyond the maximal lag it skips to the next live frame, also while the
/// socket is blocked; a partly sent frame and the copied ones are sent before.
class Listener : public std::enable_shared_from_this<Listener>, private PollEvents {
 public:
  /// Sends `head`, the response head. `on_gone` is called once, from the main loop, after the listener has left or was
  /// dropped. `terms`, `poller` and `counters` outlive the listener.
  static std::shared_ptr<Listener> start(std::shared_ptr<Transport> transport, std::string head,
                                         const ListenerTerms& terms, Poller& poller, ListenerCounters& counters,
                                         std::function<void(const std::shared_ptr<Listener>&)> on_gone);
  Listener(const Listener&) = delete;
  ~Listener() override;

  /// Continues with the frames of `ring`. A partly sent frame is finished first.
  void tune(std::shared_ptr<const FrameRing> ring, const Entry& entry);
  /// Sends bytes to this listener alone, before the next frame of the ring.
  void say(std::string_view bytes) { own_ += bytes; }
  /// Sends as much as the socket takes without blocking. Call it after the ring has grown.
  void pump();
  /// Closes the connection once everything is sent; `on_gone` follows.
  void finish();
  /// Inserts ICY metadata after the head. Call it before the first frame.
  void speak_icy() { icy_.emplace(); }
  /// The current title; ignored without speak_icy().
  void set_title(std::string_view title) {
    if (icy_) icy_->set_title(title);
  }
  /// The time behind live, without the initial burst.
  std::chrono::milliseconds lag() const;

 private:
  Listener(std::shared_ptr<Transport> transport, std::string head, const ListenerTerms& terms, Poller& poller,
           ListenerCounters& counters, std::function<void(const std::shared_ptr<Listener>&)> on_gone);
  void on_readable() override;
  void on_writable() override;
  void keep_up();
  void skip_to_live();
  bool has_more() const;
  bool needs_a_copy() const;
  void copy_some();
  void take_in(std::string_view frame);
  void send_some();
  void advance(std::size_t sent);
  void leave();

  std::shared_ptr<Transport> transport_;
  const ListenerTerms& terms_;
  Poller& poller_;
  ListenerCounters& counters_;
  std::function<void(const std::shared_ptr<Listener>&)> on_gone_;
  std::string own_;           ///< sent before the frames of the ring
  std::size_t own_sent_ = 0;  ///< bytes of own_
  std::size_t silent_frames_ = 0;
  std::shared_ptr<const FrameRing> ring_;
  std::uint64_t next_ = 0;       ///< the next frame: always whole, the rest of a partly sent one is in own_
  std::uint64_t live_from_ = 0;  ///< earlier frames were the burst
  bool needs_clean_join_ = false;
  std::unique_ptr<CleanJoin> join_;
  std::optional<IcyWeaver> icy_;
  std::chrono::steady_clock::time_point last_progress_;
  bool is_blocked_ = false, is_finishing_ = false, is_gone_ = false;
};

}  // namespace voicecast
