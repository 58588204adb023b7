// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/main_loop.hpp"
#include "base/result.hpp"
#include "dtls/dtls_keys.hpp"

namespace voicecast {

class DtlsContext;
class DtlsHandshake;

/// The events of a DtlsSession, on the main loop. The owner may destroy the session within either.
class DtlsEvents {
 public:
  virtual ~DtlsEvents() = default;
  /// The handshake is complete and the peer's certificate has the fingerprint of its description. At most once.
  virtual void on_dtls_connected(const DtlsKeys& keys) = 0;
  /// The peer closed the session (ErrorCode::closed: its close_notify), or it failed (ErrorCode::failed). Nothing
  /// follows.
  virtual void on_dtls_ended(const Error& reason) = 0;
};

/// DTLS with one peer: the handshake for the keys of SRTP (RFC 5764), and its end. Lost datagrams are sent again; the
/// owner limits the time of the handshake. Invalid datagrams are dropped and end no established session. Main thread.
class DtlsSession {
 public:
  /// `fingerprint` is that of the peer's description, as in RemoteDescription ("sha-256 AB:CD:…"); sha-1 is refused.
  /// `send` gets datagrams for the peer, within the functions below and from the main loop; it must not call back or
  /// destroy the session. `events` outlives the session.
  DtlsSession(std::shared_ptr<const DtlsContext> context, DtlsRole role, std::string fingerprint,
              std::function<void(Bytes)> send, DtlsEvents& events);
  DtlsSession(const DtlsSession&) = delete;
  /// Sends nothing: see close().
  ~DtlsSession();

  /// Begins the handshake: the active side sends its first flight. Call it once there is a path to the peer. A passive
  /// side needs no call.
  void start();
  /// Processes a datagram from the peer (RFC 7983 §7: the first byte is 20 to 63); any other is dropped.
  void take(Bytes datagram);
  /// Ends the session without an event; tells an established peer by close_notify. Further calls have no effect.
  void close();

 private:
  struct Established;
  void continue_handshake(Bytes datagram);
  void schedule_repeat();
  void repeat_last_flight();
  void on_close_notify();
  void end(const Error& reason);
  void stop();

  const std::function<void(Bytes)> send_;
  DtlsEvents& events_;
  std::unique_ptr<DtlsHandshake> handshake_;  ///< until the session is connected or has ended
  std::unique_ptr<Established> established_;  ///< while it is connected
  const DtlsRole role_;
  Timer repeat_timer_;
};

}  // namespace voicecast
