#pragma once

#include "base/ptr.hpp"

namespace voicecast {

/// What a Poller tells about a socket. Main thread.
class PollEvents {
 public:
  virtual ~PollEvents() = default;
  /// The socket has become readable, or writable, since the last time. Must not remove any socket from the Poller.
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;
};

/// Watches any number of sockets for the main loop, which itself sees one descriptor only: a GSource for each would be
/// looked at in every turn of the loop, a thousand of them for every frame. Edge-triggered: read or write until the
/// socket would block, or it is not told again. Main thread.
class Poller {
 public:
  Poller();
  Poller(const Poller&) = delete;
  ~Poller();

  /// `events` outlives the watch.
  void add(int fd, PollEvents& events);
  void remove(int fd);

 private:
  void dispatch();
  int epoll_;
  GUnique<GSource> source_;
};

}  // namespace voicecast
