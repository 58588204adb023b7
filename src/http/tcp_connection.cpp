#include "http/tcp_connection.hpp"

#include <libsoup/soup.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// After a refusal we read on for so long and so much: a connection that is closed with input unread is reset, and the
/// client may never see the reason.
constexpr auto linger_limit = 2s;
constexpr std::size_t max_discarded_bytes = 256 * 1024;

std::string response(const Refusal& refusal) {
  const char* retry = refusal.status == 503 || refusal.status == 429 ? "Retry-After: 5\r\n" : "";
  return "HTTP/1.1 " + std::to_string(refusal.status) + ' ' + soup_status_get_phrase(refusal.status) +
         "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\n" +
         retry + "Content-Length: " + std::to_string(refusal.words.size()) + "\r\n\r\n" + refusal.words;
}

using Function = std::function<void()>;

/// A lambda would hand the condition on to its body, and POLLRDHUP is no value of that enum.
gboolean on_end_of_input(GSocket*, GIOCondition, gpointer p) noexcept {
  (*static_cast<Function*>(p))();
  return G_SOURCE_REMOVE;
}

GPtr<GIOStream> tls_on(GSocketConnection* socket, GTlsCertificate* certificate) {
  auto* tls = g_tls_server_connection_new(G_IO_STREAM(socket), certificate, nullptr);
  if (!tls) return {};
  constexpr std::array protocols = {"http/1.1", "http/1.0", static_cast<const char*>(nullptr)};
  g_object_set(tls, "require-close-notify", FALSE, "advertised-protocols", protocols.data(), nullptr);
  return GPtr<GIOStream>::adopt(tls);
}

}  // namespace

TcpConnection::TcpConnection(GPtr<GSocketConnection> socket, std::string key, const Limits& limits,
                             RefusalCounts& refusals, OnGone on_gone)
    : socket_(std::move(socket)),
      base_(GPtr<GIOStream>::share(G_IO_STREAM(socket_.get()))),
      remote_(GPtr<GSocketAddress>::adopt(g_socket_connection_get_remote_address(socket_.get(), nullptr))),
      key_(std::move(key)),
      limits_(limits),
      refusals_(refusals),
      on_gone_(std::move(on_gone)) {
  // Without this the second packet waits for the acknowledgement of the first, 40 ms (RFC 1122 §4.2.3.4).
  g_socket_set_option(g_socket_connection_get_socket(socket_.get()), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
  late_ = after(limits_.request_time, [this] { on_late(); });
}

TcpConnection::~TcpConnection() = default;

GPtr<GSocketAddress> TcpConnection::local_address() const {
  return GPtr<GSocketAddress>::adopt(g_socket_connection_get_local_address(socket_.get(), nullptr));
}

void TcpConnection::start(GTlsCertificate* certificate, std::function<void(GPtr<GIOStream>)> on_ready) {
  on_ready_ = std::move(on_ready);
  if (!certificate) return be_guarded();
  base_ = tls_on(socket_.get(), certificate);
  if (!base_) return be_gone();
  const auto on_hello = [](GObject* tls, GAsyncResult* result, gpointer p) noexcept {
    const std::unique_ptr<std::shared_ptr<TcpConnection>> self(static_cast<std::shared_ptr<TcpConnection>*>(p));
    (*self)->on_hello(g_tls_connection_handshake_finish(G_TLS_CONNECTION(tls), result, nullptr));
  };
  g_tls_connection_handshake_async(G_TLS_CONNECTION(base_.get()), G_PRIORITY_DEFAULT, nullptr, on_hello,
                                   new std::shared_ptr<TcpConnection>(shared_from_this()));
}

void TcpConnection::on_hello(bool is_good) {
  if (is_good) return be_guarded();
  if (!is_cut_) refusals_.add(RefusalReason::tls);
  be_gone();
}

void TcpConnection::be_guarded() {
  auto stream = guard_stream(base_.get(), weak_from_this());
  g_object_weak_ref(
      G_OBJECT(stream.get()),
      [](gpointer p, GObject*) noexcept {
        const std::unique_ptr<std::weak_ptr<TcpConnection>> self(static_cast<std::weak_ptr<TcpConnection>*>(p));
        if (const auto connection = self->lock(); connection && !connection->is_lingering_) connection->be_gone();
      },
      new std::weak_ptr<TcpConnection>(weak_from_this()));
  std::exchange(on_ready_, nullptr)(std::move(stream));
}

void TcpConnection::keep() {
  if (is_lingering_) return;  // its end has begun, and the clock of that goes on
  is_kept_ = true;
  late_.reset();
}

GUnique<GSource> TcpConnection::when_left(std::function<void()> f) const {
  // GLib has no name for it, and hands it on to poll(); what else the client sends may wait meanwhile.
  const auto end_of_input = static_cast<GIOCondition>(POLLRDHUP);
  auto* socket = g_socket_connection_get_socket(socket_.get());
  GUnique<GSource> source(g_socket_create_source(socket, end_of_input, nullptr));
  g_source_set_callback(source.get(), G_SOURCE_FUNC(on_end_of_input), new Function(std::move(f)),
                        [](gpointer p) { delete static_cast<Function*>(p); });
  g_source_attach(source.get(), nullptr);
  return source;
}

void TcpConnection::end_at(std::chrono::system_clock::time_point time) {
  expiry_ = after(time_until(time), [this, time] { std::chrono::system_clock::now() < time ? end_at(time) : cut(); });
}

void TcpConnection::on_input(const RequestGate& gate) {
  if (is_kept_ || is_lingering_) return;
  const bool was_inside = std::exchange(is_inside_request_, gate.is_inside_request());
  if (is_inside_request_ && was_inside) return;  // a client may take his time once, not byte by byte
  late_ = after(is_inside_request_ ? limits_.request_time : limits_.idle_time, [this] { on_late(); });
}

void TcpConnection::on_late() {
  if (is_inside_request_) refusals_.add(RefusalReason::late);
  if (is_inside_request_ && !on_ready_) write({408, "Request timeout: it did not come completely in time"});
  cut();
}

void TcpConnection::on_refused(const Refusal& refusal, const RequestGate& gate) {
  if (!gate.is_upgraded()) return refuse(refusal);
  refusals_.add(refusal.reason);
  cut();
}

void TcpConnection::refuse(const Refusal& refusal) {
  if (std::exchange(is_lingering_, true)) return;
  refusals_.add(refusal.reason);
  write(refusal);
  linger();
}

void TcpConnection::write(const Refusal& refusal) {
  const auto text = response(refusal);
  auto* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(base_.get()));
  // It fits into the empty buffer of a socket; where it does not, the client was not reading anyway.
  g_pollable_output_stream_write_nonblocking(output, text.data(), text.size(), nullptr, nullptr);
}

void TcpConnection::linger() {
  g_socket_shutdown(g_socket_connection_get_socket(socket_.get()), FALSE, TRUE, nullptr);
  late_ = after(linger_limit, [this] { be_gone(); });
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(base_.get()));
  readable_ = GUnique<GSource>(g_pollable_input_stream_create_source(input, nullptr));
  const auto on_readable = [](GPollableInputStream*, gpointer self) noexcept -> gboolean {
    return static_cast<TcpConnection*>(self)->discard_input();
  };
  g_source_set_callback(readable_.get(), G_SOURCE_FUNC(+on_readable), this, nullptr);
  g_source_attach(readable_.get(), nullptr);
}

bool TcpConnection::discard_input() {
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(base_.get()));
  std::array<char, 8192> discarded;
  GError* raw = nullptr;
  const auto count = g_pollable_input_stream_read_nonblocking(input, discarded.data(), discarded.size(), nullptr, &raw);
  const GUnique<GError> error(raw);
  if (g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) return true;
  if (count > 0 && (discarded_ += static_cast<std::size_t>(count)) < max_discarded_bytes) return true;
  be_gone();
  return false;
}

void TcpConnection::cut() {
  is_cut_ = true;
  late_.reset();
  g_socket_shutdown(g_socket_connection_get_socket(socket_.get()), TRUE, TRUE, nullptr);
}

void TcpConnection::be_gone() {
  if (std::exchange(is_gone_, true)) return;
  late_.reset();
  expiry_.reset();
  readable_.reset();
  if (is_lingering_ || on_ready_) g_io_stream_close_async(base_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
  post([self = shared_from_this()] { self->on_gone_(self); });
}

}  // namespace voicecast
