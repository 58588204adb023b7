#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "glib/main_loop.hpp"
#include "http/listener.hpp"
#include "media/mp3_frame.hpp"
#include "media/stream_registry.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// The MP3 stations: a stream's encoder runs while it has listeners, and they get its frames. Who waits for the next
/// stream hears silence. Main thread.
class Radio : public StreamObserver {
 public:
  Radio(StreamRegistry& registry, unsigned bitrate_kbps);

  /// Takes over the request's connection and lets it hear the stream, which is live.
  void listen(SoupServerMessage* request, const std::shared_ptr<Stream>& stream);
  /// Takes over the connection, sends silence, and goes over to the next stream.
  void hold(SoupServerMessage* request);
  /// Ends all responses properly; they go when all is sent.
  void finish_all();

  std::size_t listener_count() const;
  /// The listeners of one stream.
  std::size_t listener_count(const std::string& stream_id) const;
  std::size_t encoder_count() const;
  std::uint64_t bytes_sent() const;

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;

 private:
  using Listeners = std::vector<std::shared_ptr<Listener>>;
  /// A listener and his way into an encoder under way; without it he gets what all get, shared.
  struct Tuned {
    std::shared_ptr<Listener> listener;
    std::optional<CleanJoin> join;
  };
  struct Station {
    std::shared_ptr<Mp3Output> encoder;
    Mp3Output::Subscription frames;
    std::vector<Tuned> listeners;
    void send(const GPtr<GBytes>& frame);
  };
  std::shared_ptr<Listener> take_over(SoupServerMessage* request);
  void put_on(const std::shared_ptr<Stream>& stream, Listeners listeners);
  void send_silence(std::chrono::nanoseconds since_start);
  void finish(const Listeners& listeners);
  void on_listener_gone(const std::shared_ptr<Listener>& gone);

  StreamRegistry& registry_;
  unsigned bitrate_kbps_;
  std::size_t max_lag_bytes_;
  GPtr<GBytes> silent_frame_, silent_lead_;
  std::map<std::string, Station> stations_;
  Listeners held_, finishing_;
  Timer silence_;
  SilencePacer pacer_;
  std::uint64_t bytes_sent_to_gone_ = 0;
};

}  // namespace voicecast
