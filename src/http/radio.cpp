#include "http/radio.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "glib/log.hpp"
#include "glib/soup.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// How far a listener may fall behind before frames are skipped for him: a Wi-Fi that stutters takes a second or two.
constexpr unsigned max_lag_s = 4;

/// How often those who wait get silence: seldom enough to cost nothing, and with so much of a lead that no player
/// runs dry in between.
constexpr auto silence_interval = 200ms;
constexpr Mp3Frames silence_lead{20};

/// The connection is closed at the end of the audio: a body without length needs no chunks, which HTTP/1.0 players
/// choke on, and every player knows it from the radio.
constexpr std::string_view response_head =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: audio/mpeg\r\n"
    "Cache-Control: no-cache, no-store\r\n"
    "Accept-Ranges: none\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n";

/// What Icecast adds for a player that asks with Icy-MetaData: 1. Others get none of it: VLC would ask again for any.
std::string icy_head(unsigned bitrate_kbps) {
  return "icy-name: voicecast\r\nicy-pub: 0\r\nicy-br: " + std::to_string(bitrate_kbps) +
         "\r\nicy-metaint: " + std::to_string(icy_interval_bytes) + "\r\n";
}

/// The CORS headers that the endpoint has set already; libsoup does not write them, since we write the head.
std::string extra_headers(SoupServerMessage* request) {
  std::string lines;
  for (const char* name : {"Access-Control-Allow-Origin", "Vary"})
    if (const char* value = soup_message_headers_get_one(soup_server_message_get_response_headers(request), name))
      lines += std::string(name) + ": " + value + "\r\n";
  return lines;
}

bool wants_icy(SoupServerMessage* request) {
  const char* value = soup_message_headers_get_one(soup_server_message_get_request_headers(request), "Icy-MetaData");
  return value && g_str_equal(value, "1");
}

GPtr<GBytes> bytes_of(std::string_view text) { return GPtr<GBytes>::adopt(g_bytes_new(text.data(), text.size())); }

/// Without this the second packet waits for the acknowledgement of the first, 40 ms (Nagle's algorithm, RFC 1122
/// §4.2.3.4): all of a listener's first frame.
void send_at_once(GSocket* socket) {
  if (socket) g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
}

std::string_view text_of(GBytes* bytes) {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  return {data, size};
}

std::string repeated(const std::string& text, std::int64_t count) {
  std::string all;
  for (; count > 0; --count) all += text;
  return all;
}

}  // namespace

Radio::Radio(StreamRegistry& registry, unsigned bitrate_kbps)
    : registry_(registry),
      bitrate_kbps_(bitrate_kbps),
      max_lag_bytes_(max_lag_s * bitrate_kbps * 1000 / 8),
      silent_frame_(bytes_of(silent_frame(bitrate_kbps))),
      silent_lead_(bytes_of(repeated(silent_frame(bitrate_kbps), silence_lead.count()))) {}

std::shared_ptr<Listener> Radio::take_over(SoupServerMessage* request) {
  const bool is_icy = wants_icy(request);
  const auto head =
      std::string(response_head) + extra_headers(request) + (is_icy ? icy_head(bitrate_kbps_) : "") + "\r\n";
  // libsoup looks at the status after the handler; it sends nothing once the connection is ours.
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  send_at_once(soup_server_message_get_socket(request));
  auto connection = GPtr<GIOStream>::adopt(soup_server_message_steal_connection(request));
  auto listener = Listener::start(std::move(connection), bytes_of(head), max_lag_bytes_,
                                  [this](const std::shared_ptr<Listener>& gone) { on_listener_gone(gone); });
  if (is_icy) listener->speak_icy();
  return listener;
}

void Radio::listen(SoupServerMessage* request, const std::shared_ptr<Stream>& stream) {
  put_on(stream, {take_over(request)});
}

void Radio::Station::send(const GPtr<GBytes>& frame) {
  for (auto& [listener, join] : listeners) {
    if (!join) {
      listener->send(frame);
      continue;
    }
    listener->send(bytes_of(join->pass(text_of(frame.get()))));
    if (join->is_done()) join.reset();
  }
}

/// Where the encoder cannot start, the listeners' responses end.
void Radio::put_on(const std::shared_ptr<Stream>& stream, Listeners listeners) {
  auto& station = stations_[stream->id()];
  if (!station.encoder) {
    auto encoder = stream->mp3();
    if (!encoder) {
      log_error(stream->id() + ": no MP3: " + encoder.error().message, {{"VOICECAST_STREAM", stream->id()}});
      stations_.erase(stream->id());
      return finish(listeners);
    }
    station.encoder = std::move(*encoder);
    station.frames = station.encoder->subscribe([&station](const GPtr<GBytes>& frame) { station.send(frame); });
  }
  for (const auto& listener : listeners) listener->set_title(stream->name());
  for (auto& listener : listeners) station.listeners.push_back({std::move(listener), CleanJoin()});
}

void Radio::hold(SoupServerMessage* request) {
  auto listener = take_over(request);
  listener->send(silent_lead_);
  held_.push_back(std::move(listener));
  if (silence_) return;
  pacer_ = SilencePacer();
  silence_ = every(silence_interval, [this, since = std::chrono::steady_clock::now()] {
    send_silence(std::chrono::steady_clock::now() - since);
    return true;
  });
}

void Radio::send_silence(std::chrono::nanoseconds since_start) {
  for (auto due = pacer_.due(since_start); due > 0; --due)
    for (const auto& listener : held_) listener->send(silent_frame_);
}

void Radio::on_stream_available(const std::string& id) {
  if (held_.empty()) return;
  silence_.reset();
  put_on(registry_.find(id), std::exchange(held_, {}));
}

void Radio::finish(const Listeners& listeners) {
  for (const auto& listener : listeners) listener->finish();
  finishing_.insert(finishing_.end(), listeners.begin(), listeners.end());
}

void Radio::on_stream_ended(const std::string& id) {
  const auto at = stations_.find(id);
  if (at == stations_.end()) return;
  Listeners listeners;
  for (const auto& tuned : at->second.listeners) listeners.push_back(tuned.listener);
  stations_.erase(at);
  finish(listeners);
}

void Radio::finish_all() {
  while (!stations_.empty()) on_stream_ended(std::string(stations_.begin()->first));
  silence_.reset();
  finish(std::exchange(held_, {}));
}

void Radio::on_listener_gone(const std::shared_ptr<Listener>& gone) {
  bytes_sent_to_gone_ += gone->bytes_sent();
  std::erase(finishing_, gone);
  if (std::erase(held_, gone) && held_.empty()) silence_.reset();
  for (auto& [id, station] : stations_)
    std::erase_if(station.listeners, [&](const auto& tuned) { return tuned.listener == gone; });
  std::erase_if(stations_, [](const auto& entry) { return entry.second.listeners.empty(); });  // and their encoders
}

std::size_t Radio::listener_count() const {
  auto count = held_.size();
  for (const auto& [id, station] : stations_) count += station.listeners.size();
  return count;
}

std::size_t Radio::listener_count(const std::string& stream_id) const {
  const auto at = stations_.find(stream_id);
  return at == stations_.end() ? 0 : at->second.listeners.size();
}

std::size_t Radio::encoder_count() const { return stations_.size(); }

std::uint64_t Radio::bytes_sent() const {
  auto sum = bytes_sent_to_gone_;
  for (const auto& listener : held_) sum += listener->bytes_sent();
  for (const auto& listener : finishing_) sum += listener->bytes_sent();
  for (const auto& [id, station] : stations_)
    for (const auto& tuned : station.listeners) sum += tuned.listener->bytes_sent();
  return sum;
}

}  // namespace voicecast
