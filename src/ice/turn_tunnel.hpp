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

/// The way to a `turns:` server (TURN over TLS, RFC 8656 §3.1). libnice 0.1.21 has no TLS, so it is sent through a port
/// on 127.0.0.1: each connection that it makes there is one by TLS to the server, whose certificate must be good and of
/// its name. Whoever else is on this machine could use the port, too, but needs the TURN server's password then.
/// Nothing is stored but what GIO's splice has in its hands. Main thread.
class TurnTunnel : public std::enable_shared_from_this<TurnTunnel> {
 public:
  /// Opens the port. `authorities`: a file of PEM certificates that the server's must be of; empty: the system's.
  static Result<std::shared_ptr<TurnTunnel>> open(const IceServer& server, const std::string& authorities);
  /// Closes it and what goes through.
  ~TurnTunnel();

  /// What libnice is given in place of the server.
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
  bool is_broken_ = false;  ///< the last one did not get through, which the log says once
};

/// Opens a tunnel to each `turns:` server of `config` and puts its entrance there. Whoever uses `config` holds them.
Result<std::vector<std::shared_ptr<TurnTunnel>>> open_tunnels(IceConfig& config);

}  // namespace voicecast
