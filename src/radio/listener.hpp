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

/// What all listeners of a server have in common.
struct ListenerTerms {
  std::chrono::milliseconds max_lag{4000};  ///< who is further behind is brought back to live
  std::chrono::milliseconds stalled_limit{
      30000};                ///< who takes nothing for so long is dropped: radio servers wait 10 to 60 s
  std::string silent_frame;  ///< of MP3
};

/// How a listener begins with a ring.
struct Entry {
  std::uint64_t number = 0;       ///< of his first frame
  std::size_t silent_frames = 0;  ///< before it
  bool needs_clean_join = false;  ///< the frames are an MP3 encoder's, which refer to earlier ones (see CleanJoin)
};

/// One listener over HTTP: a connection that was taken from libsoup after its request, and his place in a ring of
/// frames. What he has in common with others is sent from the ring, without a copy; what is his own (the response's
/// head, his first frames, ICY metadata) is a string of some kilobytes, which is gone when it is sent. Main thread.
///
/// Nothing is kept for a listener who does not read: the ring goes on without him, and when he takes something again he
/// is given what is live then, from a frame's border on.
class Listener : public std::enable_shared_from_this<Listener>, private PollEvents {
 public:
  /// Sends `head`, the response's header. `on_gone` is called once, later on the main loop, when the listener has left
  /// or was dropped. `poller` and `counters` outlive the listener.
  static std::shared_ptr<Listener> start(std::shared_ptr<Transport> transport, std::string head,
                                         const ListenerTerms& terms, Poller& poller, ListenerCounters& counters,
                                         std::function<void(const std::shared_ptr<Listener>&)> on_gone);
  Listener(const Listener&) = delete;
  ~Listener() override;

  /// From now on he hears what is in `ring`. A frame that is half sent is finished.
  void tune(std::shared_ptr<const FrameRing> ring, const Entry& entry);
  /// Bytes of his own, before what comes next from the ring.
  void say(std::string_view bytes) { own_ += bytes; }
  /// Sends what there is and what the connection takes. To be called when the ring has grown.
  void pump();
  /// Closes once all is sent; `on_gone` follows.
  void finish();
  /// Weaves ICY metadata into what is sent after the head. Call it before the first frame.
  void speak_icy() { icy_.emplace(); }
  /// What is playing now, for a listener who speaks ICY.
  void set_title(std::string_view title) {
    if (icy_) icy_->set_title(title);
  }
  /// How far behind live he is, beyond the burst that he was given at the beginning.
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
  std::string own_;           ///< goes before what is in the ring
  std::size_t own_sent_ = 0;  ///< of it
  std::size_t silent_frames_ = 0;
  std::shared_ptr<const FrameRing> ring_;
  std::uint64_t next_ = 0;       ///< the frame that he gets next: always whole, the rest of a half-sent one is in own_
  std::uint64_t live_from_ = 0;  ///< what came before it was his burst
  bool needs_clean_join_ = false;
  std::unique_ptr<CleanJoin> join_;
  std::optional<IcyWeaver> icy_;
  std::chrono::steady_clock::time_point last_progress_;
  bool is_blocked_ = false, is_finishing_ = false, is_gone_ = false;
};

}  // namespace voicecast
