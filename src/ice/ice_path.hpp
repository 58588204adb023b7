// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <variant>

namespace voicecast {

/// A UDP socket of ours, and where packets for a peer go. The socket is the ICE agent's and open as long as that is.
struct UdpPath {
  int socket = -1;
  sockaddr_storage address{};
  socklen_t address_size = 0;
};

/// The way to one peer that ICE has chosen: set by the agent, followed by whoever sends past webrtcbin (the fan-out).
/// Thread-safe; a follower looks at version() for each packet and takes the way only when it is another one.
class IcePath {
 public:
  /// Sends one packet where there is no UDP socket of ours (a relay, ICE-TCP). Any thread; never blocks.
  using Send = std::function<void(std::span<const std::uint8_t>)>;
  using Way = std::variant<std::monostate, UdpPath, Send>;

  void set(Way way) {
    const std::lock_guard lock(mutex_);
    way_ = std::move(way);
    version_.fetch_add(1, std::memory_order_release);
  }
  /// Nothing (monostate) before a connection came about.
  Way get() const {
    const std::lock_guard lock(mutex_);
    return way_;
  }
  unsigned version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  Way way_;
  std::atomic<unsigned> version_{0};
};

}  // namespace voicecast
