// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/refusals.hpp"
#include "base/main_loop.hpp"
#include "base/ptr.hpp"
#include "base/signal.hpp"
#include "signaling/client.hpp"

typedef struct _GBytes GBytes;
typedef struct _SoupWebsocketConnection SoupWebsocketConnection;

namespace voicecast {

/// Receives a ClientLine's events. Main thread.
class LineEvents {
 public:
  virtual ~LineEvents() = default;
  virtual void on_text(std::string_view text) = 0;
  /// The client sent no text, or does not read; the line closes next.
  virtual void on_line_refused(RefusalReason reason) = 0;
  /// One side starts the close handshake; may come more than once.
  virtual void on_closing() = 0;
  /// The line is closed. The owner drops it, but not before this call returns.
  virtual void on_closed() = 0;
};

/// The text messages of one client's WebSocket, with limits for the client's messages, its silence (pings) and the
/// queue of one that does not read. Main thread.
class ClientLine {
 public:
  /// Sends a ping each `ping_interval`; ends the connection after two unanswered pings. `client` and `events` outlive
  /// the line.
  ClientLine(GPtr<SoupWebsocketConnection> websocket, const Client& client, std::chrono::seconds ping_interval,
             LineEvents& events);
  ClientLine(const ClientLine&) = delete;
  ~ClientLine();

  /// Sends a message; no-op while closing. Ends the connection of a client that does not read.
  void send(const std::string& json);
  /// Closes with `code` (RFC 6455 §7.4) and a reason.
  void close(unsigned short code, const char* reason);

 private:
  bool is_open() const;
  void take(int type, GBytes* message);
  void refuse(unsigned short code, const char* reason);
  void on_ping_due();
  void cut(const char* reason);

  GPtr<SoupWebsocketConnection> websocket_;
  const Client& client_;
  LineEvents& events_;
  std::vector<Connection> connections_;
  Timer pings_;
  unsigned unanswered_pings_ = 0;
  std::size_t unsent_bytes_ = 0;   ///< an upper bound, at the last reading of Client::bytes_taken
  std::uint64_t taken_bytes_ = 0;  ///< Client::bytes_taken at that time
};

}  // namespace voicecast
