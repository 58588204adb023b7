#include "http/radio.hpp"

#include <algorithm>

#include "glib/bytes.hpp"
#include "glib/log.hpp"
#include "glib/soup.hpp"
#include "http/door.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// How often those who wait get silence: seldom enough to cost nothing, and with so much of a lead that no player
/// runs dry in between.
constexpr auto silence_interval = 100ms;
constexpr std::size_t silence_lead = 20;  // frames

/// How often those are looked at who are not served with every frame, for they take nothing.
constexpr auto watch_interval = 1s;

/// What is held of a stream, at the least: the largest burst.
constexpr std::size_t ring_bytes = max_burst_bytes;

constexpr auto mp3_frame_duration = std::chrono::round<std::chrono::nanoseconds>(Mp3Frames(1));
/// A page of Ogg (pipelines/ogg_station.launch).
constexpr std::chrono::nanoseconds page_duration = 100ms;

/// What the response's headers say, as libsoup would write them: the connection leaves it before. It is closed at the
/// end of the audio: a body without length needs no chunks, which HTTP/1.0 players choke on, and every player knows it
/// from the radio.
std::string response_head(SoupServerMessage* request) {
  std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
  soup_message_headers_foreach(
      soup_server_message_get_response_headers(request),
      [](const char* name, const char* value, gpointer text) noexcept {
        *static_cast<std::string*>(text) += std::string(name) + ": " + value + "\r\n";
      },
      &head);
  return head + "\r\n";
}

Result<std::shared_ptr<FrameOutput>> start_output(Stream& stream, AudioFormat format) {
  if (format == AudioFormat::mp3) {
    auto output = stream.mp3();
    if (!output) return output.error();
    return std::shared_ptr<FrameOutput>(*output);
  }
  auto output = stream.ogg();
  if (!output) return output.error();
  return std::shared_ptr<FrameOutput>(*output);
}

}  // namespace

Radio::Radio(StreamRegistry& registry, unsigned bitrate_kbps, std::chrono::milliseconds max_lag)
    : registry_(registry),
      bitrate_kbps_(bitrate_kbps),
      waiting_(std::make_shared<FrameRing>(ring_bytes, mp3_frame_duration)) {
  terms_.max_lag = max_lag;
  terms_.silent_frame = silent_frame(bitrate_kbps);
  silent_frame_ = bytes_of(terms_.silent_frame);
}

/// The longest lag must be in it, too.
std::shared_ptr<FrameRing> Radio::new_ring(std::chrono::nanoseconds frame_duration) const {
  const auto lag_bytes = static_cast<std::size_t>(terms_.max_lag.count()) * bitrate_kbps_ / 8;
  return std::make_shared<FrameRing>(std::max(ring_bytes, 2 * lag_bytes), frame_duration);
}

std::shared_ptr<Listener> Radio::take_over(SoupServerMessage* request, AudioFormat format) {
  // libsoup looks at the status after the handler; it sends nothing once the connection is ours.
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  const auto tcp = Door::connection_of(request);
  auto connection = GPtr<GIOStream>::adopt(soup_server_message_steal_connection(request));
  watch();
  return Listener::start(
      ClientSocket(std::move(connection), g_socket_connection_get_socket(tcp->socket()), tcp->is_plain()),
      response_head(request), terms_, poller_, counters_[index_of(format)],
      [this](const std::shared_ptr<Listener>& gone) { on_listener_gone(gone); });
}

/// The station of a stream; null if what makes its frames cannot start.
Radio::OnAir* Radio::on_air(const std::shared_ptr<Stream>& stream, AudioFormat format) {
  const Key key(stream->id(), format);
  if (const auto at = stations_.find(key); at != stations_.end()) return &at->second;
  const auto output = start_output(*stream, format);
  if (!output) {
    log_error(stream->id() + ": no audio: " + output.error().message, {{"VOICECAST_STREAM", stream->id()}});
    return nullptr;
  }
  const auto frame_duration = format == AudioFormat::mp3 ? mp3_frame_duration : page_duration;
  auto& made = stations_.emplace(key, OnAir{Station(new_ring(frame_duration)), *output, {}}).first->second;
  made.frames = made.output->subscribe([&made](const GPtr<GBytes>& frame) { made.station.push(frame); });
  return &made;
}

/// What the ring does not have of an MP3 burst is silence ahead of the voice.
Entry Radio::enter(OnAir& on_air, AudioFormat format, std::size_t burst_bytes) const {
  const auto place = on_air.station.ring().back_by(burst_bytes);
  if (format != AudioFormat::mp3) return {place.number, 0, false};
  return {place.number, (burst_bytes - place.bytes) / terms_.silent_frame.size(), true};
}

void Radio::listen(SoupServerMessage* request, const std::shared_ptr<Stream>& stream, AudioFormat format,
                   const Wishes& wishes) {
  const auto listener = take_over(request, format);
  const Tuned tuned{listener, wishes.follows && format == AudioFormat::mp3};
  if (wishes.speaks_icy) listener->speak_icy();
  listener->set_title(stream->name());
  auto* station = on_air(stream, format);
  if (!station) return finish({tuned});
  if (const auto& header = station->output->header()) listener->say(text_of(header.get()));
  station->station.add(tuned, enter(*station, format, wishes.burst_bytes));
}

void Radio::hold(SoupServerMessage* request, const Wishes& wishes) {
  const auto listener = take_over(request, AudioFormat::mp3);
  if (wishes.speaks_icy) listener->speak_icy();
  wait_for_a_stream({listener, wishes.follows},
                    std::max(silence_lead, wishes.burst_bytes / terms_.silent_frame.size()));
}

void Radio::wait_for_a_stream(const Tuned& tuned, std::size_t silent_frames) {
  waiting_.add(tuned, {waiting_.ring().end(), silent_frames, false});
  if (silence_) return;
  pacer_ = SilencePacer();
  silent_since_ = std::chrono::steady_clock::now();
  silence_ = every(silence_interval, [this] {
    send_silence();
    return true;
  });
}

void Radio::send_silence() {
  for (auto due = pacer_.due(std::chrono::steady_clock::now() - silent_since_); due > 0; --due)
    waiting_.ring().push(silent_frame_);
  waiting_.serve_all();
}

/// Those who have heard something before go on with what is live; a frame that is half sent is finished first.
void Radio::move(const std::vector<Tuned>& listeners, const std::shared_ptr<Stream>& stream) {
  auto* station = on_air(stream, AudioFormat::mp3);
  if (!station) return finish(listeners);
  for (const auto& tuned : listeners) {
    tuned.listener->set_title(stream->name());
    station->station.add(tuned, {station->station.ring().end(), 0, true});
  }
}

void Radio::on_stream_available(const std::string& id) {
  if (waiting_.listeners().empty()) return;
  send_silence();  // all that is due until now
  silence_.reset();
  move(waiting_.release(), registry_.find(id));
}

void Radio::finish(const std::vector<Tuned>& listeners) {
  for (const auto& tuned : listeners) {
    finishing_.push_back(tuned.listener);
    tuned.listener->finish();
  }
}

void Radio::on_stream_ended(const std::string& id) {
  for (const auto format : all_audio_formats) {
    const auto at = stations_.find({id, format});
    if (at == stations_.end()) continue;
    auto listeners = at->second.station.release();
    stations_.erase(at);
    const auto followers =
        std::stable_partition(listeners.begin(), listeners.end(), [](const Tuned& tuned) { return !tuned.follows; });
    const std::vector<Tuned> going_on(followers, listeners.end());
    listeners.erase(followers, listeners.end());
    finish(listeners);
    if (const auto next = registry_.newest(); next && !going_on.empty()) {
      move(going_on, next);
    } else {
      for (const auto& tuned : going_on) {
        tuned.listener->set_title("");
        wait_for_a_stream(tuned, silence_lead);
      }
    }
  }
}

void Radio::finish_all() {
  std::vector<Tuned> all = waiting_.release();
  for (auto& [key, on_air] : stations_) {
    const auto some = on_air.station.release();
    all.insert(all.end(), some.begin(), some.end());
  }
  stations_.clear();
  silence_.reset();
  finish(all);
}

/// Once a second while there is anybody.
void Radio::watch() {
  if (watch_) return;
  watch_ = every(watch_interval, [this] {
    for (const auto& listener : finishing_) listener->pump();
    for (const auto& [key, on_air] : stations_) on_air.station.serve_all();
    const bool goes_on = listener_count() > 0 || !finishing_.empty();
    if (!goes_on) watch_.reset();
    return goes_on;
  });
}

void Radio::on_listener_gone(const std::shared_ptr<Listener>& gone) {
  std::erase(finishing_, gone);
  if (waiting_.remove(gone) && waiting_.listeners().empty()) silence_.reset();
  for (auto& [key, on_air] : stations_) on_air.station.remove(gone);
  // And what makes their frames.
  std::erase_if(stations_, [](const auto& entry) { return entry.second.station.listeners().empty(); });
}

std::size_t Radio::listener_count() const {
  return listener_count(AudioFormat::mp3) + listener_count(AudioFormat::ogg);
}

std::size_t Radio::listener_count(AudioFormat format) const {
  auto count = format == AudioFormat::mp3 ? waiting_.listeners().size() : 0;
  for (const auto& [key, on_air] : stations_)
    if (key.second == format) count += on_air.station.listeners().size();
  return count;
}

std::size_t Radio::listener_count(const std::string& stream_id, AudioFormat format) const {
  const auto at = stations_.find({stream_id, format});
  return at == stations_.end() ? 0 : at->second.station.listeners().size();
}

std::vector<std::chrono::milliseconds> Radio::lags(const std::string& stream_id) const {
  std::vector<std::chrono::milliseconds> lags;
  const auto at = stations_.find({stream_id, AudioFormat::mp3});
  if (at == stations_.end()) return lags;
  for (const auto& tuned : at->second.station.listeners()) lags.push_back(tuned.listener->lag());
  std::sort(lags.begin(), lags.end(), std::greater<>());
  return lags;
}

}  // namespace voicecast
