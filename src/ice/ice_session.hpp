// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "ice/ice_path.hpp"

namespace voicecast {

/// A remote transport address, and the local socket that receives from it.
struct IceAddress {
  int socket = -1;
  sockaddr_storage address{};
  socklen_t size = 0;

  bool operator==(const IceAddress& other) const;
};
struct IceAddressHash {
  std::size_t operator()(const IceAddress& address) const;
};

/// The events of an IceSession, on the thread of its IcePort.
class IceSessionEvents {
 public:
  virtual ~IceSessionEvents() = default;
  /// A packet other than STUN, from an address with a valid check. Valid during the call only.
  virtual void on_packet(std::span<const std::uint8_t> packet) = 0;
  /// A path to the peer exists; the peer has nominated a path; no check came for consent_limit.
  enum class State { connected, nominated, failed };
  virtual void on_state(State state) = 0;
};

/// One peer's ICE session on an IcePort, for a lite agent (RFC 8445 §2.5): it makes no checks and follows the peer's.
/// All functions run on the port's thread unless stated otherwise.
class IceSession {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `events` must outlive close(). Sets `path`.
  IceSession(IceSessionEvents& events, std::shared_ptr<IcePath> path) : path_(std::move(path)), events_(&events) {}

  /// After it returns, no event is delivered or in progress. Any thread but the port's.
  void close();
  bool is_closed() const;
  /// Handles a valid check from `from`. `credentials` is the serial number of its credentials, which each ICE restart
  /// increments. `way` is the path to its sender.
  void on_check(const IceAddress& from, IcePath::Way way, unsigned credentials, bool nominates, std::uint32_t priority,
                Time now);
  void on_packet(std::span<const std::uint8_t> packet);
  /// Checks the peer's consent (RFC 7675); call about once per second.
  void check_consent(Time now);
  /// Records an authenticated packet (valid SRTP), which renews consent like a check: a libnice without consent
  /// freshness makes no checks once it is connected. Any thread.
  void confirm() { is_confirmed_.store(true, std::memory_order_relaxed); }
  /// The serial number of the credentials of the current path.
  unsigned credentials() const { return credentials_; }

  /// Consent expires after 30 s at most (RFC 7675 §5.1); a home connection should not send that long to a peer that is
  /// gone.
  static constexpr std::chrono::seconds consent_limit{15};
  /// Aggressive nomination may nominate several pairs at once; within this time the one with the highest priority wins.
  static constexpr std::chrono::milliseconds nomination_window{1000};
  /// A check without nomination counts as a move (NAT rebinding) if the current path was silent for this time.
  static constexpr std::chrono::seconds silence_of_a_moved_peer{3};

 private:
  void tell(IceSessionEvents::State state);
  bool shall_take(const IceAddress& from, unsigned credentials, bool nominates, std::uint32_t priority, Time now) const;

  const std::shared_ptr<IcePath> path_;
  mutable std::mutex mutex_;
  IceSessionEvents* events_;  ///< under the mutex; null when closed
  std::atomic<bool> is_confirmed_{false};
  IceAddress current_;
  Time last_check_{}, last_check_on_current_{};
  std::uint32_t priority_ = 0;
  unsigned credentials_ = 0;
  bool is_connected_ = false, is_nominated_ = false, has_failed_ = false;
};

}  // namespace voicecast
