// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "base/gio.hpp"
#include "base/main_loop.hpp"
#include "base/result.hpp"
#include "config/ice_config.hpp"

namespace voicecast {

template <>
struct Refs<GSocketService> : ObjectRefs {};
template <>
struct Refs<GTlsDatabase> : ObjectRefs {};

/// A tunnel to a `turns:` server (TURN over TLS, RFC 8656 §3.1). libnice 0.1.21 has no TLS, so it connects to a port on
/// 127.0.0.1, and each connection is forwarded by TLS to the server, whose certificate must be trusted and match its
/// name. Other processes on this machine can use the port, but need the TURN server's password. Buffers only the bytes
/// in GIO's splice. Main thread.
class TurnTunnel : public std::enable_shared_from_this<TurnTunnel> {
 public:
  /// Opens the port. `authorities`: a PEM file of the authorities to trust for the server; empty: the system's. The
  /// Error names the setting.
  static Result<std::shared_ptr<TurnTunnel>> open(const IceServer& server, const std::string& authorities);
  /// Closes the port and all its connections.
  ~TurnTunnel();

  /// The server's replacement for libnice.
  IceServer entrance() const;

 private:
  struct Passage;
  TurnTunnel(const IceServer& server, GPtr<GTlsDatabase> authorities);
  Status listen();
  void on_incoming(GSocketConnection* connection);
  void on_connected(bool is_good, const std::string& reason);

  IceServer server_;
  GPtr<GTlsDatabase> authorities_;  ///< null: the system's
  GPtr<GSocketService> service_;
  std::uint16_t port_ = 0;
  std::set<Passage*> passages_;
  bool is_broken_ = false;  ///< the last connection failed; logged once
};

/// Opens a tunnel to each `turns:` server of `config` and replaces the server by the tunnel's entrance. Keep the
/// tunnels while `config` is in use. Main thread.
Result<std::vector<std::shared_ptr<TurnTunnel>>> open_tunnels(IceConfig& config);

}  // namespace voicecast
