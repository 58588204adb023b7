// SPDX-License-Identifier: MIT
#include "connection/tcp_connection.hpp"

#include <glib-unix.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <span>

#include "connection/socket_source.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// A TLS client sends its ClientHello at once, and the handshake takes a few round trips.
constexpr auto hello_time = 5s;

/// After the last output, input is read and discarded for this time and amount: closing a connection with unread input
/// resets it, and the client may lose the output.
constexpr auto linger_time = 2s;
constexpr std::size_t max_discarded_bytes = 256 * 1024;

constexpr std::size_t bytes_at_once = 8192;

constexpr unsigned char tls_handshake_record = 0x16;  // RFC 8446 §5.1

auto now() { return ConnectionMachine::Time::clock::now(); }

}  // namespace

/// The state of a TLS connection before its handshake is complete.
struct TcpConnection::Hello {
  std::shared_ptr<const TlsIdentity> identity;
  TlsHandshakes& handshakes;
  OnReady on_ready;
  std::shared_ptr<TlsTransport> transport = {};
};

TcpConnection::TcpConnection(GPtr<GSocket> socket, GPtr<GSocketAddress> remote, std::string key, const Limits& limits,
                             RefusalCounts& refusals, OnGone on_gone)
    : socket_(socket),
      transport_(std::make_shared<PlainTransport>(std::move(socket))),
      local_(GPtr<GSocketAddress>::adopt(g_socket_get_local_address(socket_.get(), nullptr))),
      remote_(std::move(remote)),
      key_(std::move(key)),
      limits_(limits),
      refusals_(refusals),
      on_gone_(std::move(on_gone)),
      machine_(std::make_unique<ConnectionMachine>(Purpose::serve, limits.messages_per_second)) {}

TcpConnection::~TcpConnection() = default;

void TcpConnection::start(const OnReady& on_ready) {
  set_clock();
  has_stream_ = true;
  on_ready(make_server_stream(std::shared_ptr<StreamSide>(shared_from_this(), this)));
}

void TcpConnection::start_tls(std::shared_ptr<const TlsIdentity> identity, TlsHandshakes& handshakes,
                              OnReady on_ready) {
  late_ = after(hello_time, [this] {
    refusals_.add(RefusalReason::late);
    cut();
  });
  const auto hello = std::make_shared<Hello>(Hello{std::move(identity), handshakes, std::move(on_ready)});
  watch_for_hello(hello);
}

void TcpConnection::watch_for_hello(const std::shared_ptr<Hello>& hello) {
  readable_ = when(transport_->fd(), G_IO_IN, [this, hello] { on_first_bytes(hello); });
}

void TcpConnection::on_first_bytes(const std::shared_ptr<Hello>& hello) {
  unsigned char first = 0;
  const auto count = recv(transport_->fd(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return watch_for_hello(hello);
  if (count <= 0) return be_gone();  // closed by the client, or cut
  if (first != tls_handshake_record) return speak_without_libsoup();
  hello->transport = std::make_shared<TlsTransport>(socket_, hello->identity);
  is_shaking_hands_ = true;
  hello->handshakes.begin(hello->transport, key_,
                          [self = shared_from_this(), hello](bool is_good) { self->on_handshake(hello, is_good); });
}

void TcpConnection::on_handshake(const std::shared_ptr<Hello>& hello, bool is_good) {
  is_shaking_hands_ = false;
  if (!is_good || is_cut_) {
    if (!is_cut_) refusals_.add(RefusalReason::tls);
    return be_gone();
  }
  transport_ = hello->transport;
  is_tls_ = true;
  start(hello->on_ready);
}

/// Handles HTTP on the HTTPS port.
void TcpConnection::speak_without_libsoup() {
  machine_ = std::make_unique<ConnectionMachine>(Purpose::redirect, limits_.messages_per_second);
  set_clock();
  watch_input();
}

void TcpConnection::refuse(const ErrorResponse& response) {
  machine_->refuse(response);
  on_change();
}

void TcpConnection::cut() {
  is_cut_ = true;
  late_.reset();
  writable_.reset();
  transport_->shut_down();
  machine_->end();
  wake_libsoup();
  if (!has_stream_ && !is_taken_ && !is_shaking_hands_) be_gone();
}

std::shared_ptr<Transport> TcpConnection::take() {
  is_taken_ = true;
  machine_->be_taken();
  set_clock();
  return {transport_.get(), [self = shared_from_this()](Transport*) { self->on_let_go(); }};
}

void TcpConnection::on_let_go() {
  is_taken_ = false;
  machine_->end();
  on_closed();
}

GUnique<GSource> TcpConnection::when_left(std::function<void()> f) const {
  // GLib has no constant for it, and passes it on to poll(). Further input may wait meanwhile.
  return when(transport_->fd(), POLLRDHUP, std::move(f));
}

void TcpConnection::end_at(std::chrono::system_clock::time_point time) {
  expiry_ = after(time_until(time), [this, time] { std::chrono::system_clock::now() < time ? end_at(time) : cut(); });
}

// For libsoup

std::optional<std::size_t> TcpConnection::read(std::span<char> to) {
  for (;;) {
    const auto count = machine_->give(to.data(), to.size(), now());
    on_change();
    if (count > 0) return count;
    if (machine_->is_at_end()) return 0;
    if (!machine_->wants_input() || !receive()) return std::nullopt;
  }
}

std::optional<std::size_t> TcpConnection::write(std::string_view bytes) {
  if (is_cut_) return std::nullopt;
  if (machine_->swallows()) return bytes.size();
  const std::array pieces = {bytes.substr(0, machine_->sendable(bytes))};
  const auto count = transport_->write(pieces);
  if (!count) return count;
  if (*count == 0) machine_->on_blocked();
  if (*count == 0) return count;
  bytes_sent_ += *count;
  machine_->on_sent(bytes.substr(0, *count));
  on_change();
  return count;
}

GSource* TcpConnection::make_input_source() {
  machine_->begin_turn();
  GSource* source = nullptr;
  if (machine_->is_ready() || (machine_->wants_input() && transport_->has_buffered_input()))
    source = leftover_source();
  else if (machine_->wants_input())
    source = g_unix_fd_source_new(transport_->fd(), G_IO_IN);
  else
    source = g_timeout_source_new(G_MAXUINT);  // until wake_libsoup()
  libsoup_waits_ = GPtr<GSource>::share(source);
  return source;
}

GSource* TcpConnection::make_output_source() {
  return machine_->swallows() ? g_timeout_source_new(0) : g_unix_fd_source_new(transport_->fd(), G_IO_OUT);
}

void TcpConnection::wake_libsoup() {
  if (libsoup_waits_ && !g_source_is_destroyed(libsoup_waits_.get())) g_source_set_ready_time(libsoup_waits_.get(), 0);
}

void TcpConnection::on_closed() {
  has_stream_ = false;
  if (is_taken_ || is_gone_) return;
  libsoup_waits_ = {};
  machine_->end();
  if (is_cut_) return be_gone();
  on_change();
}

// Without libsoup

void TcpConnection::watch_input() {
  readable_ = when(transport_->fd(), G_IO_IN, [this] {
    if (on_input()) watch_input();
  });
}

/// Reads one piece at a time: other sources run in between.
bool TcpConnection::on_input() {
  machine_->begin_turn();
  if (!receive()) return true;
  const bool goes_on = !is_cut_ && discarded_ < max_discarded_bytes && !machine_->has_client_ended();
  if (!goes_on) cut();
  return goes_on;
}

bool TcpConnection::receive() {
  std::array<char, bytes_at_once> bytes;
  const auto count = transport_->read(bytes);
  if (!count) return false;
  if (*count == 0) {
    machine_->take_end();
    return true;
  }
  if (machine_->phase() == Phase::ending) discarded_ += *count;
  machine_->take({bytes.data(), *count}, now());
  on_change();
  return true;
}

void TcpConnection::on_change() {
  if (const auto reason = machine_->take_reason()) {
    refusals_.add(*reason);
    wake_libsoup();
  }
  send_own();
  set_clock();
  if (machine_->is_over() && !is_cut_) linger();
}

void TcpConnection::send_own() {
  while (!machine_->own_output().empty() && !is_cut_) {
    const std::array pieces = {machine_->own_output()};
    const auto count = transport_->write(pieces);
    if (!count) return cut();
    if (*count == 0) {
      writable_ = when(transport_->fd(), G_IO_OUT, [this] { on_change(); });
      return;
    }
    machine_->on_own_sent(*count);
  }
}

void TcpConnection::linger() {
  if (std::exchange(is_lingering_, true)) return;
  transport_->finish_output();
  watch_input();
}

void TcpConnection::set_clock() {
  const std::pair clock(machine_->phase(), machine_->turn());
  if (is_cut_ || is_gone_ || std::exchange(clock_, clock) == clock) return;
  const auto run = [this](auto time) { late_ = after(time, [this] { on_late(); }); };
  switch (clock.first) {
    case Phase::request:
      return run(limits_.request_time);  // for the whole request: progress byte by byte does not extend it
    case Phase::response:
    case Phase::idle:
      return run(limits_.idle_time);
    case Phase::ending:
      return run(linger_time);
    case Phase::websocket:
    case Phase::taken:
      late_.reset();
  }
}

void TcpConnection::on_late() {
  if (machine_->phase() == Phase::request)
    return refuse({408, "Request timeout: the request was not complete in time", RefusalReason::late});
  if (machine_->phase() == Phase::ending && !has_stream_) return be_gone();
  cut();
}

void TcpConnection::be_gone() {
  if (std::exchange(is_gone_, true)) return;
  late_.reset();
  expiry_.reset();
  readable_.reset();
  writable_.reset();
  transport_->shut_down();
  post([self = shared_from_this()] { self->on_gone_(self); });
}

}  // namespace voicecast
