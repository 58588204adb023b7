// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/limits.hpp"
#include "access/rate_limit.hpp"
#include "signaling/session.hpp"

namespace voicecast {

/// All WebSocket sessions, and the messages to all of them. Main thread.
class Lobby : public StreamObserver {
 public:
  /// The limits, and what the parts refer to, outlive the lobby.
  Lobby(SessionParts parts, const Limits& limits);

  /// Applies changed limits; existing clients over them stay.
  void on_limits_changed();

  /// The reason to refuse a further client of this address (see counting_key()); nothing if it may connect.
  enum class Crowd { none, everybody, this_address };
  Crowd crowd(const std::string& key) const;
  void welcome(GPtr<SoupWebsocketConnection> websocket, Client client);
  /// Ends all streams, then closes all sessions (1001); they are dropped when their WebSockets are closed.
  void close_all(const char* reason);

  std::size_t session_count() const { return sessions_.size(); }

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;

 private:
  void on_session_closed(Session& session);

  const SessionParts parts_;
  const Limits& limits_;
  Tally by_address_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

}  // namespace voicecast
