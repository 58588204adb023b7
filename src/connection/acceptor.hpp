// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "access/limits.hpp"
#include "access/rate_limit.hpp"
#include "base/gio.hpp"
#include "base/main_loop.hpp"
#include "base/result.hpp"
#include "connection/tcp_connection.hpp"
#include "connection/tls_handshakes.hpp"

namespace voicecast {

enum class Scheme { http, https };

/// The listening sockets and all TCP connections. A connection is handed over when it is within the limits and, where
/// it should, its handshake of TLS is over. Main thread.
class Acceptor {
 public:
  using OnReady = std::function<void(TcpConnection&, GPtr<GIOStream>)>;

  /// `on_ready` gets each connection with the stream for libsoup. `limits` and `refusals` outlive it.
  Acceptor(const Limits& limits, RefusalCounts& refusals, OnReady on_ready);
  Acceptor(const Acceptor&) = delete;
  ~Acceptor();

  /// Listens on `address` (empty: every interface, IPv4 and IPv6) and `port` (0: a free one); gives the port. For https
  /// a certificate has been shown before.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, Scheme scheme);
  /// The same of a socket that listens already; it becomes ours.
  Result<std::uint16_t> adopt(int descriptor, Scheme scheme);
  /// The limits are others now; nobody who is in is turned away.
  void on_limits_changed() { by_address_.change(limits_.connections_per_address); }
  /// What new HTTPS connections get.
  void show(std::shared_ptr<const TlsIdentity> identity) { identity_ = std::move(identity); }
  /// Whether the listening socket of this port is still open.
  bool is_listening(std::uint16_t port) const;
  /// Takes no new connections.
  void close();

  std::size_t connection_count() const { return connections_.size(); }
  /// The connection with this remote address, the object itself; null when it is gone.
  static std::shared_ptr<TcpConnection> connection_of(GSocketAddress* remote_address);

 private:
  struct Listening {
    std::uint16_t port;
    Scheme scheme;
    GPtr<GSocket> socket;
    GUnique<GSource> source;
  };
  std::uint16_t listen_on(GPtr<GSocket> socket, Scheme scheme);
  void watch(Listening& listening);
  void accept(Listening& listening);
  void welcome(const GPtr<GSocket>& socket, Scheme scheme);
  void on_gone(const std::shared_ptr<TcpConnection>& connection);

  const Limits& limits_;
  RefusalCounts& refusals_;
  OnReady on_ready_;
  TlsHandshakes handshakes_;
  std::shared_ptr<const TlsIdentity> identity_;
  std::vector<std::unique_ptr<Listening>> listening_;
  std::set<std::shared_ptr<TcpConnection>> connections_;
  Tally by_address_;
  Timer pause_;
  std::shared_ptr<Acceptor*> self_;  ///< for connections that somebody holds longer
};

}  // namespace voicecast
