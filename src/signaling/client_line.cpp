// SPDX-License-Identifier: MIT
#include "signaling/client_line.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "base/thread_rule.hpp"
#include "connection/message_rules.hpp"
#include "http/soup.hpp"

namespace voicecast {
namespace {

/// Pings that may stay unanswered; at the next one the client counts as lost.
constexpr unsigned max_unanswered_pings = 2;

/// Queued bytes for a client that does not read: more than a busy server sends in an hour.
constexpr std::size_t max_unsent_bytes = 1024 * 1024;

/// The maximal size of a text frame's header (RFC 6455 §5.2).
constexpr std::size_t frame_overhead_bytes = 10;

/// The connection bounds frames and messages before libsoup sees them; libsoup's own limits, for messages since 3.8,
/// would be lower.
void allow_messages(SoupWebsocketConnection* websocket) {
  soup_websocket_connection_set_max_incoming_payload_size(websocket, max_message_bytes);
  constexpr const char* of_messages = "max-total-message-size";
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(websocket), of_messages))
    g_object_set(websocket, of_messages, static_cast<guint64>(max_message_bytes), nullptr);
}

}  // namespace

ClientLine::ClientLine(GPtr<SoupWebsocketConnection> websocket, const Client& client,
                       std::chrono::seconds ping_interval, LineEvents& events)
    : websocket_(std::move(websocket)), client_(client), events_(events) {
  allow_messages(websocket_.get());
  // libsoup 3.2 sends pings but ignores missing pongs.
  soup_websocket_connection_set_keepalive_interval(websocket_.get(), static_cast<guint>(ping_interval.count()));
  pings_ = every(ping_interval, [this] {
    on_ping_due();
    return true;
  });
  connections_.emplace_back(websocket_.get(), "pong",
                            [this](SoupWebsocketConnection*, GBytes*) { unanswered_pings_ = 0; });
  connections_.emplace_back(websocket_.get(), "message",
                            [this](SoupWebsocketConnection*, int type, GBytes* message) { take(type, message); });
  connections_.emplace_back(websocket_.get(), "closing", [this](SoupWebsocketConnection*) { events_.on_closing(); });
  connections_.emplace_back(websocket_.get(), "closed", [this](SoupWebsocketConnection*) {
    pings_.reset();
    events_.on_closed();
  });
}

ClientLine::~ClientLine() = default;

bool ClientLine::is_open() const {
  return soup_websocket_connection_get_state(websocket_.get()) == SOUP_WEBSOCKET_STATE_OPEN;
}

void ClientLine::send(const std::string& json) {
  assert_main_thread();
  if (!is_open()) return;
  const auto taken = client_.bytes_taken();
  unsent_bytes_ -= std::min<std::uint64_t>(unsent_bytes_, taken - std::exchange(taken_bytes_, taken));
  unsent_bytes_ += json.size() + frame_overhead_bytes;
  if (unsent_bytes_ > max_unsent_bytes) {
    events_.on_line_refused(RefusalReason::stalled);
    return cut("it does not read what it is sent");
  }
  soup_websocket_connection_send_text(websocket_.get(), json.c_str());
}

/// Ends the connection where a close handshake would wait behind unread data.
void ClientLine::cut(const char* reason) {
  log_info(client_.name + ": dropped: " + reason, {{"VOICECAST_CLIENT", client_.name}});
  client_.cut();
}

void ClientLine::on_ping_due() {
  if (unanswered_pings_++ == max_unanswered_pings) cut("it answers no pings");
}

void ClientLine::close(unsigned short code, const char* reason) {
  events_.on_closing();
  if (is_open()) soup_websocket_connection_close(websocket_.get(), code, reason);
}

void ClientLine::take(int type, GBytes* message) {
  unanswered_pings_ = 0;
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    refuse(SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA, "messages are JSON text, not binary");
  else
    events_.on_text(text_of(message));
}

void ClientLine::refuse(unsigned short code, const char* reason) {
  events_.on_line_refused(RefusalReason::messages);
  close(code, reason);
}

}  // namespace voicecast
