// SPDX-License-Identifier: MIT
#include "server/server_facts.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "access/names.hpp"
#include "gst/elements.hpp"
#include "rtp/media_limit.hpp"

namespace voicecast {
namespace {

/// From imperceptible to audible delays, in seconds.
constexpr Histogram::Bounds loop_bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5};

/// The interval at which the histograms get a value of each listener: about that of RTCP reports.
constexpr std::chrono::seconds reception_interval{5};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

std::vector<StreamDetails> stream_details(const StreamRegistry& registry, const Radio& radio) {
  std::vector<StreamDetails> all;
  for (const auto& stream : registry.live()) {
    auto details = stream->details();
    details.mp3_listeners = static_cast<unsigned>(radio.listener_count(details.id, AudioFormat::mp3));
    details.opus_listeners = static_cast<unsigned>(radio.listener_count(details.id, AudioFormat::ogg));
    details.mp3_lags = radio.lags(details.id);
    all.push_back(std::move(details));
  }
  return all;
}

ServerFacts::ServerFacts(const Parts& parts)
    : parts_(parts),
      loop_rounds_(loop_bounds_s),
      loop_watch_([this](std::chrono::duration<double> busy) { loop_rounds_.observe(busy); }),
      reception_timer_(every(reception_interval, [this] {
        observe_receptions();
        return true;
      })) {}

void ServerFacts::observe_receptions() {
  for (const auto& stream : parts_.registry.live()) {
    for (const auto& reception : stream->details().receptions) {
      receptions_.loss.observe(reception.loss);
      receptions_.jitter.observe(reception.jitter);
      receptions_.round_trip.observe(reception.round_trip);
    }
  }
}

void ServerFacts::gather_media(Facts& facts) const {
  const auto& media = parts_.media;
  const auto seconds = [](std::uint64_t ns) { return 1e-9 * static_cast<double>(ns); };
  facts.mp3_encoders = static_cast<unsigned>(
      std::ranges::count_if(parts_.registry.live(), [](const auto& stream) { return stream->is_encoding(); }));
  facts.decoder_cpu_seconds = seconds(media.encoder_times->decoding_ns);
  facts.encoder_cpu_seconds = seconds(media.encoder_times->encoding_ns);
  facts.audio_bytes_received = media.counters->audio_bytes;
  facts.audio_packets_received = media.counters->audio_packets;
  facts.audio_packets_lost = media.counters->lost_packets;
  facts.packets_unsent = *media.unsent_packets;
  facts.packets_dropped = PacketDrops::all();
}

void ServerFacts::gather_listeners(Facts& facts) const {
  const auto& radio = parts_.radio;
  const auto of = [&radio](AudioFormat format) {
    return ListenerFacts{static_cast<unsigned>(radio.listener_count(format)), radio.counters(format)};
  };
  facts.active_streams = stream_details(parts_.registry, radio);
  for (const auto& stream : facts.active_streams) facts.receivers += stream.webrtc_listeners;
  facts.connected_receivers = static_cast<unsigned>(parts_.media.connected_receivers.taken());
  facts.mp3_listeners = of(AudioFormat::mp3);
  facts.opus_listeners = of(AudioFormat::ogg);
}

Facts ServerFacts::gather() const {
  Facts facts;
  facts.missing_elements = missing_elements();
  facts.webrtc_available = facts.missing_elements.empty();
  facts.audio_server_running = parts_.endpoint.is_listening(parts_.ports.audio());
  gather_media(facts);
  gather_listeners(facts);
  facts.connected_clients = static_cast<unsigned>(parts_.lobby.session_count());
  facts.cpu_seconds = cpu_seconds();
  facts.audio_port = parts_.ports.audio();
  facts.tls_port = parts_.ports.tls();
  if (!is_loopback(parts_.config.bind)) facts.host = reachable_host(current_names(), parts_.media.ice.addresses);
  facts.streams_total = parts_.registry.announced_count();
  facts.publishers = parts_.publisher.status();
  facts.loop_rounds = loop_rounds_;
  facts.tcp_connections = parts_.endpoint.connection_count();
  facts.refusals = parts_.refusals;
  facts.refusals.add(RefusalReason::media, MediaLimit::ended_count());
  facts.receptions = receptions_;
  facts.join_times = parts_.media.join_times;
  facts.uptime = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
  facts.version = VOICECAST_VERSION;
  return facts;
}

}  // namespace voicecast
