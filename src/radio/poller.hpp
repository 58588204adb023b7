// SPDX-License-Identifier: MIT
#pragma once

#include "base/ptr.hpp"

namespace voicecast {

/// Receives a Poller's events of one socket. An interface, for listeners use the Poller, not the reverse, and a
/// function object for each of a thousand sockets would have to be found by its descriptor. Main thread.
class PollEvents {
 public:
  virtual ~PollEvents() = default;
  /// The socket has become readable, or writable, since the last event. Must not remove any socket from the Poller.
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;
};

/// Watches many sockets by one epoll descriptor in the main loop: with a GSource each, the loop would visit a thousand
/// sources for every frame. Edge-triggered: read or write until the socket would block, otherwise no further event
/// comes. Main thread.
class Poller {
 public:
  Poller();
  Poller(const Poller&) = delete;
  ~Poller();

  /// `events` stays valid until remove(fd).
  void add(int fd, PollEvents& events);
  void remove(int fd);

 private:
  void dispatch();
  int epoll_;
  GUnique<GSource> source_;
};

}  // namespace voicecast
