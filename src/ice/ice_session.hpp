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

/// A remote transport address, and the socket of ours that hears it.
struct IceAddress {
  int socket = -1;
  sockaddr_storage address{};
  socklen_t size = 0;

  bool operator==(const IceAddress& other) const;
};
struct IceAddressHash {
  std::size_t operator()(const IceAddress& address) const;
};

/// What an IceSession tells, on the thread of its IcePort.
class IceSessionEvents {
 public:
  virtual ~IceSessionEvents() = default;
  /// A packet that is no STUN, from an address that a check has come from. It is there during the call only.
  virtual void on_packet(std::span<const std::uint8_t> packet) = 0;
  /// There is a way to the peer, or it nominated the one that there is, or it sent no check for consent_limit.
  enum class State { connected, nominated, failed };
  virtual void on_state(State state) = 0;
};

/// One peer's ICE session on an IcePort, as a lite agent has it (RFC 8445 §2.5): it makes no checks and follows those
/// that it is sent. Whatever has no other thread named is the port's thread's.
class IceSession {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `events` lives until close(). Sets `path`.
  IceSession(IceSessionEvents& events, std::shared_ptr<IcePath> path) : path_(std::move(path)), events_(&events) {}

  /// No event comes after it, and none is on its way. Any thread but the port's.
  void close();
  bool is_closed() const;
  /// A valid check came from `from`, made with the credentials of that number: they are counted up at an ICE restart.
  void on_check(const IceAddress& from, IcePath::Way way, unsigned credentials, bool nominates, std::uint32_t priority,
                Time now);
  void on_packet(std::span<const std::uint8_t> packet);
  /// Each second or so: whether the peer still consents (RFC 7675).
  void check_consent(Time now);
  /// Something came that only the peer can have made (SRTP that was good), which is as good as a check: a libnice
  /// without consent freshness makes none once it is connected. Any thread.
  void confirm() { is_confirmed_.store(true, std::memory_order_relaxed); }
  /// Which credentials the way was found with.
  unsigned credentials() const { return credentials_; }

  /// RFC 7675 §5.1 lets consent live for 30 s; a home need not send that long to who is gone.
  static constexpr std::chrono::seconds consent_limit{15};
  /// Two pairs may be nominated at once (aggressive nomination); within this time the better one stays.
  static constexpr std::chrono::milliseconds nomination_window{1000};
  /// A check without nomination counts as a move (NAT rebinding) where the old way was silent for so long.
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
