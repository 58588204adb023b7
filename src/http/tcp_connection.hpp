#pragma once

#include <functional>
#include <memory>
#include <string>

#include "access/limits.hpp"
#include "glib/gio.hpp"
#include "glib/main_loop.hpp"
#include "http/guarded_stream.hpp"

namespace voicecast {

/// One TCP connection, from its acceptance to its end: the times that its client has, and the refusals that libsoup
/// never sees. Main thread.
class TcpConnection : public GuardedStreamEvents, public std::enable_shared_from_this<TcpConnection> {
 public:
  using OnGone = std::function<void(const std::shared_ptr<TcpConnection>&)>;

  /// `key` is what its address is counted under. `on_gone` is called once, when nobody uses the connection any more.
  TcpConnection(GPtr<GSocketConnection> socket, std::string key, const Limits& limits, RefusalCounts& refusals,
                OnGone on_gone);
  TcpConnection(const TcpConnection&) = delete;
  ~TcpConnection() override;

  /// Says hello by TLS first, if there is a certificate; then calls `on_ready` with the stream for libsoup. Where that
  /// fails, or takes too long, `on_gone` follows.
  void start(GTlsCertificate* certificate, std::function<void(GPtr<GIOStream>)> on_ready);
  /// Says no, counts it, and closes.
  void refuse(const Refusal& refusal);
  /// It goes on for as long as it likes: a WebSocket or an MP3 response.
  void keep();
  /// Ends it without a word; whoever has the stream sees that later.
  void cut();
  /// Calls `f` once when the client sends no more, unless the source is dropped before: who closes his end has left.
  /// For a response that takes its while.
  [[nodiscard]] GUnique<GSource> when_left(std::function<void()> f) const;
  /// Cuts it at this time, whatever is going on.
  void end_at(std::chrono::system_clock::time_point time);

  /// Its socket, and whether what is written to that is sent as it is: there is no TLS.
  GSocketConnection* socket() const { return socket_.get(); }
  bool is_plain() const { return G_IO_STREAM(socket_.get()) == base_.get(); }

  const std::string& key() const { return key_; }
  GPtr<GSocketAddress> local_address() const;
  /// The same object at every call: it also tells whose connection a request came on.
  GSocketAddress* remote_address() const { return remote_.get(); }

  void on_input(const RequestGate& gate) override;
  void on_refused(const Refusal& refusal, const RequestGate& gate) override;
  bool on_closing() override { return !is_lingering_; }

 private:
  void on_hello(bool is_good);
  void be_guarded();
  void on_late();
  void write(const Refusal& refusal);
  void linger();
  bool discard_input();
  void be_gone();

  GPtr<GSocketConnection> socket_;
  GPtr<GIOStream> base_;  ///< the socket, or TLS on it
  GPtr<GSocketAddress> remote_;
  std::string key_;
  const Limits& limits_;
  RefusalCounts& refusals_;
  OnGone on_gone_;
  std::function<void(GPtr<GIOStream>)> on_ready_;
  Timer late_, expiry_;
  GUnique<GSource> readable_;
  std::size_t discarded_ = 0;
  bool is_inside_request_ = true, is_kept_ = false, is_lingering_ = false, is_cut_ = false, is_gone_ = false;
};

}  // namespace voicecast
