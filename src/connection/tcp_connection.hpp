// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "access/limits.hpp"
#include "base/gio.hpp"
#include "base/main_loop.hpp"
#include "connection/connection_machine.hpp"
#include "connection/server_stream.hpp"
#include "connection/tls_handshakes.hpp"
#include "connection/transport.hpp"

namespace voicecast {

/// One TCP connection, from accept() to close: moves bytes between its socket, its ConnectionMachine and libsoup, and
/// runs the timeouts. Main thread.
class TcpConnection : private StreamSide, public std::enable_shared_from_this<TcpConnection> {
 public:
  using Purpose = ConnectionMachine::Purpose;
  using OnGone = std::function<void(const std::shared_ptr<TcpConnection>&)>;
  using OnReady = std::function<void(GPtr<GIOStream>)>;

  /// `key` is that of counting_key(). `limits` and `refusals` outlive it. Calls `on_gone` once, later, when the
  /// connection is no longer used.
  TcpConnection(GPtr<GSocket> socket, GPtr<GSocketAddress> remote, std::string key, const Limits& limits,
                RefusalCounts& refusals, OnGone on_gone);
  TcpConnection(const TcpConnection&) = delete;
  ~TcpConnection() override;

  /// Calls `on_ready` with the stream for libsoup.
  void start(const OnReady& on_ready);
  /// The same after a TLS handshake, which begins with the client's first byte. An HTTP request is redirected to https
  /// instead.
  void start_tls(std::shared_ptr<const TlsIdentity> identity, TlsHandshakes& handshakes, OnReady on_ready);
  /// Sends the error response, counts it, and closes.
  void refuse(const ErrorResponse& response);
  /// Closes it without output; libsoup, or the owner from take(), sees the end later.
  void cut();
  /// Takes it from libsoup, for a response that bypasses libsoup. The connection ends with the last pointer.
  std::shared_ptr<Transport> take();
  /// Calls `f` once when the client closes its sending direction, which counts as a disconnect, unless the source is
  /// dropped before. For responses of unlimited length.
  [[nodiscard]] GUnique<GSource> when_left(std::function<void()> f) const;
  /// Cuts it at this time, in any phase.
  void end_at(std::chrono::system_clock::time_point time);

  bool is_tls() const { return is_tls_; }
  /// The number of libsoup's bytes that the socket has accepted.
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  const std::string& key() const { return key_; }
  GSocketAddress* local_address() const { return local_.get(); }
  /// The same object at every call: Acceptor::connection_of() finds the connection by it.
  GSocketAddress* remote_address() const { return remote_.get(); }

 private:
  std::optional<std::size_t> read(std::span<char> to) override;
  std::optional<std::size_t> write(std::string_view bytes) override;
  bool is_body_cut() override { return machine_->is_body_cut(); }
  bool is_readable() override { return true; }
  GSource* make_input_source() override;
  GSource* make_output_source() override;
  void on_closed() override;

  struct Hello;
  void watch_for_hello(const std::shared_ptr<Hello>& hello);
  void on_first_bytes(const std::shared_ptr<Hello>& hello);
  void on_handshake(const std::shared_ptr<Hello>& hello, bool is_good);
  void speak_without_libsoup();
  void watch_input();
  bool on_input();
  bool receive();
  void on_change();
  void send_own();
  void linger();
  void set_clock();
  void on_late();
  void wake_libsoup();
  void on_let_go();
  void be_gone();

  GPtr<GSocket> socket_;
  std::shared_ptr<Transport> transport_;
  GPtr<GSocketAddress> local_, remote_;
  std::string key_;
  const Limits& limits_;
  RefusalCounts& refusals_;
  OnGone on_gone_;
  std::unique_ptr<ConnectionMachine> machine_;
  std::pair<Phase, unsigned> clock_{Phase::taken, 0};  ///< the phase and turn of the running timeout
  Timer late_, expiry_;
  GUnique<GSource> readable_, writable_;  ///< of the socket, without libsoup
  GPtr<GSource> libsoup_waits_;           ///< its current input source
  std::uint64_t bytes_sent_ = 0;
  std::size_t discarded_ = 0;
  bool is_tls_ = false, has_stream_ = false, is_taken_ = false, is_lingering_ = false, is_cut_ = false,
       is_gone_ = false, is_shaking_hands_ = false;
};

}  // namespace voicecast
