// SPDX-License-Identifier: MIT
#include "connection/acceptor.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "access/client_address.hpp"
#include "base/log.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The kernel's queue of connections while the main loop is busy.
constexpr int listen_backlog = 1024;

/// Connections accepted per iteration of the main loop, before other sources run.
constexpr int accepted_in_a_row = 16;

/// Accepting that fails (for example without a free descriptor) would fail again at once.
constexpr auto pause_after_failure = 100ms;

/// Connections above the limit that get an error response at the same time; further ones are closed without one.
constexpr std::size_t refused_at_once = 64;

/// The data key on the remote address of a connection: its TcpConnection.
constexpr const char* connection_key = "voicecast-connection";

GPtr<GInetAddress> any_address(GSocketFamily family) {
  return GPtr<GInetAddress>::adopt(g_inet_address_new_any(family));
}

/// Binds also to an address that the machine does not have yet, because the network may come up after the server: the
/// kernel then accepts connections once the address exists (ip(7)).
void allow_missing_address(GSocket* socket) {
  const bool is_v6 = g_socket_get_family(socket) == G_SOCKET_FAMILY_IPV6;
  g_socket_set_option(socket, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP, is_v6 ? IPV6_FREEBIND : IP_FREEBIND, 1, nullptr);
}

Result<GPtr<GSocket>> open_socket(GInetAddress* address, std::uint16_t port) {
  GError* raw = nullptr;
  auto socket = GPtr<GSocket>::adopt(
      g_socket_new(g_inet_address_get_family(address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &raw));
  if (raw) return take_error(raw, "cannot make a socket");
  g_socket_set_listen_backlog(socket.get(), listen_backlog);
  g_socket_set_blocking(socket.get(), FALSE);
  allow_missing_address(socket.get());
  const auto where = GPtr<GSocketAddress>::adopt(g_inet_socket_address_new(address, port));
  if (!g_socket_bind(socket.get(), where.get(), TRUE, &raw)) return take_error(raw, "cannot bind");
  if (!g_socket_listen(socket.get(), &raw)) return take_error(raw, "cannot listen");
  return socket;
}

/// A dual-stack IPv6 socket, or an IPv4 one on a machine without IPv6.
Result<GPtr<GSocket>> open_socket_everywhere(std::uint16_t port) {
  auto both = open_socket(any_address(G_SOCKET_FAMILY_IPV6).get(), port);
  if (both && g_socket_speaks_ipv4((*both).get())) return both;
  auto v4_only = open_socket(any_address(G_SOCKET_FAMILY_IPV4).get(), port);
  return v4_only;
}

std::uint16_t port_of(GSocket* socket) {
  const auto local = GPtr<GSocketAddress>::adopt(g_socket_get_local_address(socket, nullptr));
  return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(local.get()));
}

AddressBytes bytes_of(GInetSocketAddress* address) {
  auto* inet = g_inet_socket_address_get_address(address);
  const auto* bytes = g_inet_address_to_bytes(inet);
  return {bytes, bytes + g_inet_address_get_native_size(inet)};
}

}  // namespace

Acceptor::Acceptor(const Limits& limits, RefusalCounts& refusals, OnReady on_ready)
    : limits_(limits),
      refusals_(refusals),
      on_ready_(std::move(on_ready)),
      by_address_(limits.connections_per_address),
      self_(std::make_shared<Acceptor*>(this)) {}

Acceptor::~Acceptor() {
  for (const auto& connection : connections_)
    g_object_set_data(G_OBJECT(connection->remote_address()), connection_key, nullptr);
}

Result<std::uint16_t> Acceptor::listen(const std::string& address, std::uint16_t port, Scheme scheme) {
  const auto where = GPtr<GInetAddress>::adopt(g_inet_address_new_from_string(address.c_str()));
  auto socket = where ? open_socket(where.get(), port) : open_socket_everywhere(port);
  if (!socket) return socket.error();
  return listen_on(std::move(*socket), scheme);
}

Result<std::uint16_t> Acceptor::adopt(int descriptor, Scheme scheme) {
  GError* raw = nullptr;
  auto socket = GPtr<GSocket>::adopt(g_socket_new_from_fd(descriptor, &raw));
  if (raw) return take_error(raw, "cannot use the passed socket");
  const bool is_tcp = g_socket_get_socket_type(socket.get()) == G_SOCKET_TYPE_STREAM &&
                      (g_socket_get_family(socket.get()) == G_SOCKET_FAMILY_IPV4 ||
                       g_socket_get_family(socket.get()) == G_SOCKET_FAMILY_IPV6);
  int is_listening = 0;
  g_socket_get_option(socket.get(), SOL_SOCKET, SO_ACCEPTCONN, &is_listening, nullptr);
  if (!is_tcp || is_listening == 0) return Error{ErrorCode::failed, "the passed socket is not a listening TCP socket"};
  g_socket_set_blocking(socket.get(), FALSE);
  return listen_on(std::move(socket), scheme);
}

std::uint16_t Acceptor::listen_on(GPtr<GSocket> socket, Scheme scheme) {
  const auto bound = port_of(socket.get());
  listening_.push_back(std::make_unique<Listening>(Listening{bound, scheme, std::move(socket), nullptr}));
  watch(*listening_.back());
  return bound;
}

void Acceptor::watch(Listening& listening) {
  listening.source = GUnique<GSource>(g_socket_create_source(listening.socket.get(), G_IO_IN, nullptr));
  struct Call {
    Acceptor* acceptor;
    Listening* listening;
  };
  const auto on_connection = [](GSocket*, GIOCondition, gpointer p) noexcept -> gboolean {
    const auto* call = static_cast<Call*>(p);
    call->acceptor->accept(*call->listening);
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(listening.source.get(), G_SOURCE_FUNC(+on_connection), new Call{this, &listening},
                        [](gpointer p) { delete static_cast<Call*>(p); });
  g_source_attach(listening.source.get(), nullptr);
}

bool Acceptor::is_listening(std::uint16_t port) const {
  return std::ranges::any_of(listening_, [port](const auto& one) { return one->port == port; });
}

void Acceptor::close() {
  pause_.reset();
  listening_.clear();
}

void Acceptor::accept(Listening& listening) {
  for (int i = 0; i < accepted_in_a_row; ++i) {
    GError* raw = nullptr;
    auto socket = GPtr<GSocket>::adopt(g_socket_accept(listening.socket.get(), nullptr, &raw));
    const GUnique<GError> error(raw);
    if (socket) {
      welcome(socket, listening.scheme);
      continue;
    }
    if (g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) return;
    log_warning(std::string("cannot accept a connection: ") + error->message);
    listening.source.reset();
    pause_ = after(pause_after_failure, [this] {
      for (const auto& one : listening_)
        if (!one->source) watch(*one);
    });
    return;
  }
}

void Acceptor::welcome(const GPtr<GSocket>& socket, Scheme scheme) {
  const auto remote = GPtr<GSocketAddress>::adopt(g_socket_get_remote_address(socket.get(), nullptr));
  if (!remote) return;  // already closed
  const auto key = counting_key(bytes_of(G_INET_SOCKET_ADDRESS(remote.get())));
  const bool is_full = connections_.size() >= limits_.connections, is_greedy = by_address_.is_full(key);
  if (connections_.size() >= limits_.connections + refused_at_once) return refusals_.add(RefusalReason::connections);
  const auto connection =
      std::make_shared<TcpConnection>(socket, remote, key, limits_, refusals_,
                                      [self = std::weak_ptr(self_)](const std::shared_ptr<TcpConnection>& gone) {
                                        if (const auto alive = self.lock()) (*alive)->on_gone(gone);
                                      });
  connections_.insert(connection);
  by_address_.add(key);
  g_object_set_data(G_OBJECT(connection->remote_address()), connection_key, connection.get());
  constexpr auto reason = RefusalReason::connections;
  if (is_full) return connection->refuse({503, "Service unavailable: too many connections", reason});
  if (is_greedy) return connection->refuse({429, "Too many requests: too many connections from this address", reason});
  const auto on_ready = [this, raw = connection.get()](GPtr<GIOStream> stream) { on_ready_(*raw, std::move(stream)); };
  if (scheme == Scheme::https)
    connection->start_tls(identity_, handshakes_, on_ready);
  else
    connection->start(on_ready);
}

std::shared_ptr<TcpConnection> Acceptor::connection_of(GSocketAddress* remote_address) {
  auto* connection = static_cast<TcpConnection*>(g_object_get_data(G_OBJECT(remote_address), connection_key));
  return connection ? connection->shared_from_this() : nullptr;
}

void Acceptor::on_gone(const std::shared_ptr<TcpConnection>& connection) {
  g_object_set_data(G_OBJECT(connection->remote_address()), connection_key, nullptr);
  by_address_.remove(connection->key());
  connections_.erase(connection);
}

}  // namespace voicecast
