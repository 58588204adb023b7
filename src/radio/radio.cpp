// SPDX-License-Identifier: MIT
#include "radio/radio.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "http/request_connection.hpp"
#include "http/soup.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// Frames of MP3 silence that a waiting listener gets in advance: a player must not underrun between two batches.
constexpr std::size_t silence_lead = 20;

/// The interval of the check for listeners that read nothing.
constexpr auto watch_interval = 1s;

/// The smallest capacity of a ring: the largest burst.
constexpr std::size_t ring_bytes = max_burst_bytes;

constexpr auto mp3_frame_duration = std::chrono::round<std::chrono::nanoseconds>(Mp3Frames(1));

/// The response head in libsoup's format: the connection leaves libsoup before it writes one. The body ends with the
/// connection: chunks would break HTTP/1.0 players, and radio players expect no length.
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
      silences_{SilentStation([bitrate_kbps] { return make_silent_mp3(bitrate_kbps); }, ring_bytes, mp3_frame_duration),
                SilentStation(make_silent_ogg, ring_bytes, ogg_page_duration)} {
  terms_.max_lag = max_lag;
  terms_.silent_frame = silent_frame(bitrate_kbps);
}

/// Also holds the maximal lag, twice.
std::shared_ptr<FrameRing> Radio::new_ring(std::chrono::nanoseconds frame_duration) const {
  const auto lag_bytes = static_cast<std::size_t>(terms_.max_lag.count()) * bitrate_kbps_ / 8;
  return std::make_shared<FrameRing>(std::max(ring_bytes, 2 * lag_bytes), frame_duration);
}

std::shared_ptr<Listener> Radio::take_over(SoupServerMessage* request, AudioFormat format) {
  // libsoup checks the status after the handler; it sends nothing once the connection is taken.
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  auto transport = connection_of(request)->take();
  // libsoup's wrapper of the connection is not needed.
  const auto stream = GPtr<GIOStream>::adopt(soup_server_message_steal_connection(request));
  watch();
  return Listener::start(std::move(transport), response_head(request), terms_, poller_, counters_[index_of(format)],
                         [this](const std::shared_ptr<Listener>& gone) { on_listener_gone(gone); });
}

/// The station of a stream; null if its encoder cannot start.
Radio::OnAir* Radio::on_air(const std::shared_ptr<Stream>& stream, AudioFormat format) {
  const Key key(stream->id(), format);
  if (const auto at = stations_.find(key); at != stations_.end()) return &at->second;
  const auto output = start_output(*stream, format);
  if (!output) {
    log_error(stream->id() + ": cannot start the audio output: " + output.error().message,
              {{"VOICECAST_STREAM", stream->id()}});
    return nullptr;
  }
  const auto frame_duration = format == AudioFormat::mp3 ? mp3_frame_duration : ogg_page_duration;
  auto& made = stations_.emplace(key, OnAir{Station(new_ring(frame_duration)), *output, {}}).first->second;
  made.frames = made.output->subscribe([&made](const GPtr<GBytes>& frame) { made.station.push(frame); });
  return &made;
}

/// Fills an MP3 burst with silence before the voice where the ring is shorter than the burst.
Entry Radio::enter(OnAir& on_air, AudioFormat format, std::size_t burst_bytes) const {
  const auto position = on_air.station.ring().back_by(burst_bytes);
  if (format != AudioFormat::mp3) return {position.number, 0, false};
  return {position.number, (burst_bytes - position.bytes) / terms_.silent_frame.size(), true};
}

void Radio::listen(SoupServerMessage* request, const std::shared_ptr<Stream>& stream, AudioFormat format,
                   const ListenOptions& options) {
  const auto listener = take_over(request, format);
  const Tuning tuning{listener, options.follows};
  if (options.speaks_icy) listener->speak_icy();
  listener->set_title(stream->name());
  auto* station = on_air(stream, format);
  if (!station) return finish({tuning});
  listener->say(station->output->header());
  station->station.add(tuning, enter(*station, format, options.burst_bytes));
}

void Radio::hold(SoupServerMessage* request, AudioFormat format, const ListenOptions& options) {
  const auto listener = take_over(request, format);
  if (options.speaks_icy) listener->speak_icy();
  silence(format).add({listener, options.follows},
                      std::max(silence_lead, options.burst_bytes / terms_.silent_frame.size()));
}

/// Moves listeners to the live frame of another stream.
void Radio::move(const std::vector<Tuning>& listeners, const std::shared_ptr<Stream>& stream, AudioFormat format) {
  auto* station = on_air(stream, format);
  if (!station) return finish(listeners);
  for (const auto& tuning : listeners) {
    tuning.listener->set_title(stream->name());
    tuning.listener->say(station->output->header());
    station->station.add(tuning, {station->station.ring().end(), 0, format == AudioFormat::mp3});
  }
}

void Radio::on_stream_available(const std::string& id) {
  for (const auto format : all_audio_formats)
    if (!silence(format).listeners().empty()) move(silence(format).release(), registry_.find(id), format);
}

void Radio::finish(const std::vector<Tuning>& listeners) {
  for (const auto& tuning : listeners) {
    finishing_.push_back(tuning.listener);
    tuning.listener->finish();
  }
}

void Radio::on_stream_ended(const std::string& id) {
  for (const auto format : all_audio_formats) end_station(id, format);
}

/// Moves listeners with ?follow=1 to the newest stream, or to silence if no stream is live; ends the others.
void Radio::end_station(const std::string& id, AudioFormat format) {
  const auto at = stations_.find({id, format});
  if (at == stations_.end()) return;
  if (auto end = at->second.output->end()) at->second.station.push(std::move(end));
  auto listeners = at->second.station.release();
  stations_.erase(at);
  const auto followers =
      std::stable_partition(listeners.begin(), listeners.end(), [](const Tuning& tuning) { return !tuning.follows; });
  const std::vector<Tuning> going_on(followers, listeners.end());
  listeners.erase(followers, listeners.end());
  finish(listeners);
  if (const auto next = registry_.newest(); next && !going_on.empty()) return move(going_on, next, format);
  for (const auto& tuning : going_on) {
    tuning.listener->set_title("");
    silence(format).add(tuning, silence_lead);
  }
}

void Radio::finish_all() {
  std::vector<Tuning> all;
  const auto take = [&](const std::vector<Tuning>& some) { all.insert(all.end(), some.begin(), some.end()); };
  for (auto& silence : silences_) take(silence.release());
  for (auto& [key, on_air] : stations_) {
    if (auto end = on_air.output->end()) on_air.station.push(std::move(end));
    take(on_air.station.release());
  }
  stations_.clear();
  finish(all);
}

/// Serves all listeners once a second, while any are connected.
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
  for (auto& silence : silences_) silence.remove(gone);
  for (auto& [key, on_air] : stations_) on_air.station.remove(gone);
  // An encoder stops with its station.
  std::erase_if(stations_, [](const auto& entry) { return entry.second.station.listeners().empty(); });
}

std::size_t Radio::listener_count() const {
  return listener_count(AudioFormat::mp3) + listener_count(AudioFormat::ogg);
}

std::size_t Radio::listener_count(AudioFormat format) const {
  auto count = silences_[index_of(format)].listeners().size();
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
  for (const auto& tuning : at->second.station.listeners()) lags.push_back(tuning.listener->lag());
  std::sort(lags.begin(), lags.end(), std::greater<>());
  return lags;
}

}  // namespace voicecast
