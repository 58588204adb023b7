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

/// The listening sockets and all TCP connections. Hands over each connection that is within the limits, for https after
/// its TLS handshake. Main thread.
class Acceptor {
 public:
  using OnReady = std::function<void(TcpConnection&, GPtr<GIOStream>)>;

  /// `on_ready` gets each connection with the stream for libsoup. `limits` and `refusals` outlive the Acceptor.
  Acceptor(const Limits& limits, RefusalCounts& refusals, OnReady on_ready);
  Acceptor(const Acceptor&) = delete;
  ~Acceptor();

  /// Listens on `address` (empty: every interface, IPv4 and IPv6) and `port` (0: a free one); gives the port. Call
  /// show() before, for https. The Error says why the socket cannot be opened.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, Scheme scheme);
  /// The same with a listening socket from the service manager, which it takes over.
  Result<std::uint16_t> adopt(int descriptor, Scheme scheme);
  /// Applies changed limits; existing connections over them stay.
  void on_limits_changed() { by_address_.change(limits_.connections_per_address); }
  /// Sets the certificate for new HTTPS connections.
  void show(std::shared_ptr<const TlsIdentity> identity) { identity_ = std::move(identity); }
  /// Whether the listening socket of this port is still open.
  bool is_listening(std::uint16_t port) const;
  /// Stops accepting connections.
  void close();

  std::size_t connection_count() const { return connections_.size(); }
  /// The connection with this remote address object (not an equal one); null if it is closed.
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
  std::shared_ptr<Acceptor*> self_;  ///< connections may outlive the Acceptor
};

}  // namespace voicecast
