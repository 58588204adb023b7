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
#include "glib/gio.hpp"
#include "glib/main_loop.hpp"
#include "glib/result.hpp"
#include "http/tcp_connection.hpp"

typedef struct _SoupServer SoupServer;
typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

enum class Scheme { http, https };

/// The listening sockets and all TCP connections. libsoup gets a connection only when it is within the limits, has
/// said hello by TLS where it should, and then nothing but good requests of it. Main thread.
class Door {
 public:
  /// `server` gets the connections. All outlive the Door.
  Door(SoupServer* server, const Limits& limits, RefusalCounts& refusals);
  Door(const Door&) = delete;
  ~Door();

  /// Listens on `address` (empty: every interface, IPv4 and IPv6) and `port` (0: a free one); gives the port. For https
  /// a certificate has been shown before.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, Scheme scheme);
  /// The same of a socket that listens already; it becomes ours.
  Result<std::uint16_t> adopt(int descriptor, Scheme scheme);
  /// The limits are others now; nobody who is in is turned away.
  void on_limits_changed() { by_address_.change(limits_.connections_per_address); }
  /// What new HTTPS connections get.
  void show_certificate(GPtr<GTlsCertificate> certificate) { certificate_ = std::move(certificate); }
  /// Whether the listening socket of this port is still open.
  bool is_listening(std::uint16_t port) const;
  /// Takes no new connections.
  void close();

  std::size_t connection_count() const { return connections_.size(); }
  /// The connection of a request; null when it is gone, which a request that waits for its response may outlive.
  static std::shared_ptr<TcpConnection> connection_of(SoupServerMessage* request);

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
  void hand_over(TcpConnection& connection, const GPtr<GIOStream>& stream);
  void on_gone(const std::shared_ptr<TcpConnection>& connection);

  SoupServer* server_;
  const Limits& limits_;
  RefusalCounts& refusals_;
  GPtr<GTlsCertificate> certificate_;
  std::vector<std::unique_ptr<Listening>> listening_;
  std::set<std::shared_ptr<TcpConnection>> connections_;
  Tally by_address_;
  GPtr<GSocket> other_end_;  ///< of the socket that libsoup thinks it listens on
  Timer pause_;
};

}  // namespace voicecast
