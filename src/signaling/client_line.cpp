#include "signaling/client_line.hpp"

#include <algorithm>
#include <utility>

#include "glib/bytes.hpp"
#include "glib/log.hpp"
#include "glib/soup.hpp"
#include "glib/thread_rule.hpp"

namespace voicecast {
namespace {

/// The largest message that is taken: an SDP is under 10 kB.
constexpr std::size_t max_message_bytes = 256 * 1024;

/// The largest that is read, only to be refused: libsoup cuts off a client in the middle of what is larger, and he
/// never sees the close code.
constexpr guint64 max_read_bytes = 2 * 1024 * 1024;

/// Pings that may stay unanswered; at the time of the next one the client is taken for gone.
constexpr unsigned max_unanswered_pings = 2;

/// What may wait for a client that does not read. What a busy server tells in an hour is less.
constexpr std::size_t max_unsent_bytes = 1024 * 1024;

/// How much of the frame of a text message is not the message (RFC 6455 §5.2), at most.
constexpr std::size_t frame_overhead_bytes = 10;

}  // namespace

ClientLine::ClientLine(GPtr<SoupWebsocketConnection> websocket, const Client& client,
                       std::chrono::seconds ping_interval, LineEvents& events)
    : websocket_(std::move(websocket)), client_(client), events_(events) {
  soup_websocket_connection_set_max_incoming_payload_size(websocket_.get(), max_read_bytes);
  // libsoup 3.2 sends pings but does not mind whether they are answered.
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

/// Where a close handshake would wait behind what the client does not take.
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
  else if (g_bytes_get_size(message) > max_message_bytes)
    refuse(SOUP_WEBSOCKET_CLOSE_TOO_BIG, "a message has 256 KiB at most");
  else
    events_.on_text(text_of(message));
}

void ClientLine::refuse(unsigned short code, const char* reason) {
  events_.on_line_refused(RefusalReason::messages);
  close(code, reason);
}

}  // namespace voicecast
