// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <vector>

#include "base/loop_watch.hpp"
#include "base/main_loop.hpp"
#include "config/config.hpp"
#include "publish/publisher.hpp"
#include "radio/radio.hpp"
#include "server/endpoint.hpp"
#include "server/ports.hpp"
#include "signaling/lobby.hpp"
#include "status/facts.hpp"
#include "stream/media_config.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// The details of live streams, oldest first, including HTTP listeners. Main thread.
std::vector<StreamDetails> stream_details(const StreamRegistry& registry, const Radio& radio);

/// Gathers the Facts from the Server's parts, and keeps continuous measurements. Main thread.
class ServerFacts {
 public:
  struct Parts {
    const Config& config;
    const MediaConfig& media;
    const StreamRegistry& registry;
    const Lobby& lobby;
    const Radio& radio;
    const Publisher& publisher;
    const Endpoint& endpoint;
    const Ports& ports;
    const RefusalCounts& refusals;
  };
  /// Starts measuring; the uptime counts from here. The parts outlive this object.
  explicit ServerFacts(const Parts& parts);

  /// The current facts.
  Facts gather() const;

 private:
  void gather_media(Facts& facts) const;
  void gather_listeners(Facts& facts) const;
  void observe_receptions();

  Parts parts_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Histogram loop_rounds_;
  LoopWatch loop_watch_;
  ReceptionHistograms receptions_;
  Timer reception_timer_;
};

}  // namespace voicecast
