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

/// What a ClientLine tells its owner.
class LineEvents {
 public:
  virtual ~LineEvents() = default;
  virtual void on_text(std::string_view text) = 0;
  /// What came is not text, or the client does not read; the line is closed next.
  virtual void on_line_refused(RefusalReason reason) = 0;
  /// One of the two sides says goodbye; may come more than once.
  virtual void on_closing() = 0;
  /// Nothing comes any more. The owner drops the line, but not before this call is over.
  virtual void on_closed() = 0;
};

/// The WebSocket to one client as a line of text messages, with bounds on what a client may send, on how long he may be
/// silent and on what waits for one who does not read. Main thread.
class ClientLine {
 public:
  /// The line is cut when the client answers none of two pings, one each `ping_interval`. `client` and `events` outlive
  /// it.
  ClientLine(GPtr<SoupWebsocketConnection> websocket, const Client& client, std::chrono::seconds ping_interval,
             LineEvents& events);
  ClientLine(const ClientLine&) = delete;
  ~ClientLine();

  /// To nobody, if it is closing. A client who does not read is cut off instead.
  void send(const std::string& json);
  /// Closes with `code` (RFC 6455 §7.4) and a reason in words.
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
  std::size_t unsent_bytes_ = 0;   ///< an upper bound, as of the last look at what the connection had taken
  std::uint64_t taken_bytes_ = 0;  ///< by the connection, then
};

}  // namespace voicecast
