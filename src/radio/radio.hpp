// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/mp3_frame.hpp"
#include "base/main_loop.hpp"
#include "radio/listener.hpp"
#include "radio/player.hpp"
#include "radio/poller.hpp"
#include "radio/silent_station.hpp"
#include "radio/station.hpp"
#include "stream/stream_registry.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// MP3 frames, or Ogg pages with the sender's own Opus packets.
enum class AudioFormat { mp3, ogg };
inline constexpr std::array all_audio_formats{AudioFormat::mp3, AudioFormat::ogg};

constexpr const char* media_type(AudioFormat format) { return format == AudioFormat::mp3 ? "audio/mpeg" : "audio/ogg"; }

/// All HTTP listeners, by stream and format. An encoder runs only while its station has listeners. A listener without a
/// stream gets silence in its format until one starts. Main thread.
class Radio : public StreamObserver {
 public:
  Radio(StreamRegistry& registry, unsigned bitrate_kbps, std::chrono::milliseconds max_lag);

  /// Takes the request's connection from libsoup and sends the live stream. The response headers are set already.
  void listen(SoupServerMessage* request, const std::shared_ptr<Stream>& stream, AudioFormat format,
              const ListenOptions& options);
  /// Takes the connection, sends silence, and continues with the next stream (in Ogg as a chained stream).
  void hold(SoupServerMessage* request, AudioFormat format, const ListenOptions& options);
  /// Ends all responses; each connection closes once everything is sent.
  void finish_all();

  std::size_t listener_count() const;
  /// Of one format, including the listeners that wait for a stream.
  std::size_t listener_count(AudioFormat format) const;
  /// The listeners of one stream, in one format.
  std::size_t listener_count(const std::string& stream_id, AudioFormat format) const;
  const ListenerCounters& counters(AudioFormat format) const { return counters_[index_of(format)]; }
  /// The lag of each listener of a stream's MP3, longest first.
  std::vector<std::chrono::milliseconds> lags(const std::string& stream_id) const;

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;

 private:
  /// A stream's station with the output that feeds it.
  struct OnAir {
    Station station;
    std::shared_ptr<FrameOutput> output;
    FrameOutput::Subscription frames;
  };
  using Key = std::pair<std::string, AudioFormat>;

  static constexpr std::size_t index_of(AudioFormat format) { return static_cast<std::size_t>(format); }
  std::shared_ptr<Listener> take_over(SoupServerMessage* request, AudioFormat format);
  std::shared_ptr<FrameRing> new_ring(std::chrono::nanoseconds frame_duration) const;
  OnAir* on_air(const std::shared_ptr<Stream>& stream, AudioFormat format);
  Entry enter(OnAir& on_air, AudioFormat format, std::size_t burst_bytes) const;
  void move(const std::vector<Tuning>& listeners, const std::shared_ptr<Stream>& stream, AudioFormat format);
  void end_station(const std::string& id, AudioFormat format);
  SilentStation& silence(AudioFormat format) { return silences_[index_of(format)]; }
  void finish(const std::vector<Tuning>& listeners);
  void watch();
  void on_listener_gone(const std::shared_ptr<Listener>& gone);

  StreamRegistry& registry_;
  unsigned bitrate_kbps_;
  ListenerTerms terms_;
  std::array<ListenerCounters, all_audio_formats.size()> counters_;  ///< by format
  Poller poller_;                                                    // outlives the listeners
  std::map<Key, OnAir> stations_;
  std::array<SilentStation, all_audio_formats.size()> silences_;  ///< by format
  std::vector<std::shared_ptr<Listener>> finishing_;
  Timer watch_;
};

}  // namespace voicecast
