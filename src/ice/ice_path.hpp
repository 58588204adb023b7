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

/// A UDP socket and the peer's address. The ICE agent owns the socket.
struct UdpPath {
  int socket = -1;
  sockaddr_storage address{};
  socklen_t address_size = 0;
};

/// The path to one peer that ICE has selected: set by the agent, read by senders that bypass webrtcbin (the fan-out).
/// Thread-safe; a reader compares version() for each packet and calls get() only after a change.
class IcePath {
 public:
  /// Sends one packet where there is no own UDP socket (a relay, ICE-TCP). Any thread; never blocks.
  using Send = std::function<void(std::span<const std::uint8_t>)>;
  using Way = std::variant<std::monostate, UdpPath, Send>;

  void set(Way way) {
    const std::lock_guard lock(mutex_);
    way_ = std::move(way);
    version_.fetch_add(1, std::memory_order_release);
  }
  /// The current path; monostate before the connection is established.
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

/// Sends one packet at once and never blocks. False: there is no path, or the kernel did not take it; with a Send in
/// the path, success is assumed. Any thread.
bool send_by(const IcePath::Way& way, std::span<const std::uint8_t> packet);

}  // namespace voicecast
