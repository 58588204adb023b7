// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "connection/tls_transport.hpp"

namespace voicecast {

/// The handshakes of TLS that are under way, all on one thread of their own: none waits for the client of another, and
/// the main loop for none. They are bounded, in all and by address; over it the oldest one goes. An honest one takes
/// some round trips, so it is over before it is the oldest. Main thread.
class TlsHandshakes {
 public:
  TlsHandshakes();
  TlsHandshakes(const TlsHandshakes&) = delete;
  ~TlsHandshakes();

  static constexpr std::size_t max_in_all = 512, max_of_an_address = 256;

  /// Calls `on_done` once, later on the main thread, with whether it came about. `key` is what the address is counted
  /// under. To give one up, shut its transport down.
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
