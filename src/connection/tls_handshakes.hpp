// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "connection/tls_transport.hpp"

namespace voicecast {

/// All TLS handshakes in progress, on one thread of their own, without blocking: none waits for another client, and the
/// main loop waits for none. Their number is limited in total and per address; above it the oldest one is ended. A
/// regular handshake takes a few round trips, so it is finished before it is the oldest. Main thread.
class TlsHandshakes {
 public:
  TlsHandshakes();
  TlsHandshakes(const TlsHandshakes&) = delete;
  ~TlsHandshakes();

  static constexpr std::size_t max_in_all = 512, max_of_an_address = 256;

  /// Calls `on_done` once, later on the main thread, with whether the handshake succeeded. `key` is that of
  /// counting_key(). To cancel it, shut down the transport.
  void begin(std::shared_ptr<TlsTransport> transport, std::string key, std::function<void(bool)> on_done);

 private:
  struct UnderWay {
    std::shared_ptr<TlsTransport> transport;
    std::string key;
    std::function<void(bool)> on_done;
  };

  void make_room(const std::string& key);
  void on_done(const TlsTransport* transport, bool is_good);

  std::list<UnderWay> under_way_;  ///< the oldest first
  std::shared_ptr<TlsHandshakes*> self_;
  GMainContext* context_;
  GMainLoop* loop_;
  std::thread thread_;
};

}  // namespace voicecast
