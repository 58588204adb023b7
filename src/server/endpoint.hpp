// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/ptr.hpp"
#include "base/result.hpp"
#include "connection/acceptor.hpp"
#include "http/guard.hpp"
#include "radio/audio_handler.hpp"
#include "radio/early_requests.hpp"
#include "signaling/lobby.hpp"
#include "status/facts.hpp"
#include "status/graphs.hpp"
#include "tls/certificate.hpp"
#include "whip/whep.hpp"
#include "whip/whip.hpp"

typedef struct _SoupServer SoupServer;
typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// The HTTP and HTTPS ports, and the routes; every port serves all routes. Main thread.
class Endpoint {
 public:
  /// `facts` gathers the input of the status documents. The references outlive the Endpoint.
  Endpoint(Lobby& lobby, Radio& radio, StreamRegistry& registry, Whip& whip, Whep& whep, Guard guard,
           const Limits& limits, RefusalCounts& refusals, BurstConfig burst, std::function<Facts()> facts);
  ~Endpoint();

  /// Listens on `address` (empty: every interface, IPv4 and IPv6) and `port` (0: a free port). Returns the port, or the
  /// system's Error. HTTPS needs show_certificate() first.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, Scheme scheme = Scheme::http);
  /// The same for a listening socket; takes ownership of the descriptor.
  Result<std::uint16_t> adopt(int descriptor, Scheme scheme) { return acceptor_.adopt(descriptor, scheme); }
  /// Sets the certificate of new HTTPS connections; its `ca_pem` is served as /ca.crt (empty: 404).
  Status show_certificate(const ServerIdentity& identity);
  /// Replaces the authorization rules for new requests.
  void change_rules(OriginPolicy origins, std::optional<TokenVerifier> verifier) {
    guard_.change(std::move(origins), std::move(verifier));
  }
  /// The observer that needs the registry's events.
  StreamObserver& early_requests() { return early_; }
  /// Applies changed limits; open connections stay.
  void on_limits_changed();
  /// Whether the listening socket of this port is open.
  bool is_listening(std::uint16_t port) const { return acceptor_.is_listening(port); }
  unsigned connection_count() const { return static_cast<unsigned>(acceptor_.connection_count()); }
  /// Closes the listening sockets and idle connections. WebSockets and HTTP listeners stay open.
  void stop();

 private:
  void hand_over(TcpConnection& connection, const GPtr<GIOStream>& stream);
  void route_early(SoupServerMessage* request, std::string_view path, GHashTable* query);
  void route(SoupServerMessage* request, std::string_view path, GHashTable* query);
  void upgrade(SoupServerMessage* request, const Requester& requester);
  void enter(MediaEndpoint& endpoint, SoupServerMessage* request, const Requester& requester, std::string_view path,
             bool is_allowed);
  void get(SoupServerMessage* request, const Requester& requester, std::string_view path, GHashTable* query);
  void enter_whep(SoupServerMessage* request, const Requester& requester, std::string_view path);
  void get_audio(SoupServerMessage* request, const Requester& requester, std::string_view file, GHashTable* query);
  void get_ca(SoupServerMessage* request);
  void get_qr(SoupServerMessage* request, GHashTable* query);
  void get_metrics(SoupServerMessage* request, const Requester& requester);
  void get_graph(SoupServerMessage* request, const Requester& requester, std::string_view file);
  void get_stream_status(SoupServerMessage* request, const Requester& requester);

  Lobby& lobby_;
  Whip& whip_;
  Whep& whep_;
  Guard guard_;
  RefusalCounts& refusals_;
  AudioHandler audio_handler_;
  EarlyRequests early_;
  std::string ca_pem_;
  std::function<Facts()> facts_;
  RateLimit qr_codes_{20, std::chrono::milliseconds(100)};  ///< shared by all clients
  Graphs graphs_;
  GPtr<SoupServer> server_;
  GPtr<GSocket> other_end_;  ///< the peer of libsoup's listening socket (see let_listen)
  Acceptor acceptor_;
};

}  // namespace voicecast
