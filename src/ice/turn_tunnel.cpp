// SPDX-License-Identifier: MIT
#include "ice/turn_tunnel.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <chrono>
#include <filesystem>
#include <system_error>

#include "base/log.hpp"
#include "base/thread_rule.hpp"

namespace voicecast {

template <>
struct Refs<GSocketConnectable> : ObjectRefs {};

namespace {

using namespace std::chrono_literals;

/// libnice abandons a TURN server after about 8 s.
constexpr auto connect_limit = 10s;

/// Each peer needs one for each local address; other processes on this machine must not use up all descriptors.
constexpr std::size_t max_passages = 1024;

/// Disables Nagle's algorithm: voice packets are small and must not wait for each other.
void send_at_once(GSocketConnection* connection) {
  g_socket_set_option(g_socket_connection_get_socket(connection), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
}

std::string words_of(const GError* error) {
  std::string words = error->message;
  if (g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    words += " (wrong host name, expired, or signed by an untrusted authority: see --turn-ca)";
  return words;
}

/// Configures the connection in progress: TCP_NODELAY, and the trusted authorities before the TLS handshake.
void on_event(GSocketClient*, GSocketClientEvent event, GSocketConnectable*, GIOStream* connection,
              gpointer authorities) noexcept {
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION(connection))
    send_at_once(G_SOCKET_CONNECTION(connection));
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && authorities)
    g_tls_connection_set_database(G_TLS_CONNECTION(connection), G_TLS_DATABASE(authorities));
}

GPtr<GSocketClient> tls_client(GTlsDatabase* authorities) {
  auto client = GPtr<GSocketClient>::adopt(g_socket_client_new());
  g_socket_client_set_tls(client.get(), TRUE);
  g_socket_client_set_enable_proxy(client.get(), FALSE);
  g_signal_connect_data(
      client.get(), "event", G_CALLBACK(on_event), authorities ? g_object_ref(authorities) : nullptr,
      [](gpointer p, GClosure*) {
        if (p) g_object_unref(p);
      },
      GConnectFlags{});
  return client;
}

}  // namespace

/// One tunnelled connection, from accept() to close. Owned by the GIO call in progress for it.
struct TurnTunnel::Passage {
  Passage(TurnTunnel& owner, GSocketConnection* connection)
      : tunnel(owner.weak_from_this()), inside(GPtr<GSocketConnection>::share(connection)) {
    owner.passages_.insert(this);
    limit = after(connect_limit, [this] {
      is_late = true;
      g_cancellable_cancel(cancellable.get());
    });
  }
  ~Passage() {
    if (const auto alive = tunnel.lock()) alive->passages_.erase(this);
  }
  Passage(const Passage&) = delete;

  static void connect(std::unique_ptr<Passage> passage, GTlsDatabase* authorities, const IceServer& server);
  static void on_connect(GObject* client, GAsyncResult* result, gpointer p) noexcept;

  std::weak_ptr<TurnTunnel> tunnel;
  GPtr<GSocketConnection> inside;
  GPtr<GCancellable> cancellable = GPtr<GCancellable>::adopt(g_cancellable_new());
  Timer limit;
  bool is_late = false;
};

void TurnTunnel::Passage::connect(std::unique_ptr<Passage> passage, GTlsDatabase* authorities,
                                  const IceServer& server) {
  const auto address = GPtr<GSocketConnectable>::adopt(g_network_address_new(server.host.c_str(), server.port));
  auto* cancellable = passage->cancellable.get();
  g_socket_client_connect_async(tls_client(authorities).get(), address.get(), cancellable, on_connect,
                                passage.release());
}

void TurnTunnel::Passage::on_connect(GObject* client, GAsyncResult* result, gpointer p) noexcept {
  std::unique_ptr<Passage> passage(static_cast<Passage*>(p));
  GError* raw = nullptr;
  const auto outside =
      GPtr<GSocketConnection>::adopt(g_socket_client_connect_finish(G_SOCKET_CLIENT(client), result, &raw));
  const GUnique<GError> error(raw);
  passage->limit.reset();
  const auto tunnel = passage->tunnel.lock();
  if (!tunnel) return;
  tunnel->on_connected(!error, passage->is_late ? "no answer in 10 s" : error ? words_of(error.get()) : "");
  if (error) return;
  // The end of one side closes both: TURN does not use half-closed connections.
  constexpr auto close_both =
      static_cast<GIOStreamSpliceFlags>(G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2);
  auto* inside = G_IO_STREAM(passage->inside.get());
  auto* cancellable = passage->cancellable.get();
  g_io_stream_splice_async(
      inside, G_IO_STREAM(outside.get()), close_both, G_PRIORITY_DEFAULT, cancellable,
      [](GObject*, GAsyncResult* spliced, gpointer ended) noexcept {
        g_io_stream_splice_finish(spliced, nullptr);
        delete static_cast<Passage*>(ended);
      },
      passage.release());
}

namespace {

/// The trusted authorities of a file; null without one, for the system's.
Result<GPtr<GTlsDatabase>> read_authorities(const std::string& file) {
  if (file.empty()) return GPtr<GTlsDatabase>();
  std::error_code problem;
  const auto path = std::filesystem::absolute(file, problem);  // fails without a working directory
  if (problem) return Error{ErrorCode::failed, "--turn-ca " + file + ": " + problem.message()};
  GError* raw = nullptr;
  auto database = GPtr<GTlsDatabase>::adopt(G_TLS_DATABASE(g_tls_file_database_new(path.c_str(), &raw)));
  if (raw) return take_error(raw, "--turn-ca " + file);
  return database;
}

}  // namespace

Result<std::shared_ptr<TurnTunnel>> TurnTunnel::open(const IceServer& server, const std::string& authorities) {
  auto database = read_authorities(authorities);
  if (!database) return database.error();
  std::shared_ptr<TurnTunnel> tunnel(new TurnTunnel(server, std::move(*database)));
  if (auto status = tunnel->listen(); !status) return status.error();
  return tunnel;
}

TurnTunnel::TurnTunnel(const IceServer& server, GPtr<GTlsDatabase> authorities)
    : server_(server),
      authorities_(std::move(authorities)),
      service_(GPtr<GSocketService>::adopt(g_socket_service_new())) {}

TurnTunnel::~TurnTunnel() {
  assert_main_thread();
  g_signal_handlers_disconnect_by_data(service_.get(), this);
  g_socket_service_stop(service_.get());
  g_socket_listener_close(G_SOCKET_LISTENER(service_.get()));
  for (auto* passage : passages_) g_cancellable_cancel(passage->cancellable.get());
}

Status TurnTunnel::listen() {
  const auto loopback = GPtr<GInetAddress>::adopt(g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4));
  const auto any_port = GPtr<GSocketAddress>::adopt(g_inet_socket_address_new(loopback.get(), 0));
  GSocketAddress* bound = nullptr;
  GError* raw = nullptr;
  g_socket_listener_add_address(G_SOCKET_LISTENER(service_.get()), any_port.get(), G_SOCKET_TYPE_STREAM,
                                G_SOCKET_PROTOCOL_TCP, nullptr, &bound, &raw);
  if (raw) return take_error(raw, uri_of(server_) + " needs a port on 127.0.0.1");
  const auto address = GPtr<GSocketAddress>::adopt(bound);
  port_ = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address.get()));
  g_signal_connect_data(
      service_.get(), "incoming",
      G_CALLBACK(+[](GSocketService*, GSocketConnection* connection, GObject*, gpointer self) noexcept -> gboolean {
        static_cast<TurnTunnel*>(self)->on_incoming(connection);
        return TRUE;
      }),
      this, nullptr, GConnectFlags{});
  return success();
}

IceServer TurnTunnel::entrance() const {
  auto entrance = server_;
  entrance.scheme = "turn";
  entrance.host = "127.0.0.1";
  entrance.port = port_;
  entrance.transport = "tcp";
  return entrance;
}

void TurnTunnel::on_incoming(GSocketConnection* connection) {
  assert_main_thread();
  if (passages_.size() >= max_passages) return;  // dropping it closes it
  send_at_once(connection);
  Passage::connect(std::make_unique<Passage>(*this, connection), authorities_.get(), server_);
}

Result<std::vector<std::shared_ptr<TurnTunnel>>> open_tunnels(IceConfig& config) {
  std::vector<std::shared_ptr<TurnTunnel>> tunnels;
  for (auto& server : config.turn_servers) {
    if (server.scheme != "turns") continue;
    auto tunnel = TurnTunnel::open(server, config.turn_authorities);
    if (!tunnel) return tunnel.error();
    server = (*tunnel)->entrance();
    tunnels.push_back(std::move(*tunnel));
  }
  return tunnels;
}

void TurnTunnel::on_connected(bool is_good, const std::string& reason) {
  if (!is_good && !is_broken_) log_warning("cannot connect to " + uri_of(server_) + ": " + reason);
  if (is_good && is_broken_) log_info("connected to " + uri_of(server_) + " again");
  is_broken_ = !is_good;
}

}  // namespace voicecast
