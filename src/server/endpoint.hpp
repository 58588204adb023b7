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

/// The HTTP ports and what is served on them: every port serves all. Main thread.
class Endpoint {
 public:
  /// `facts` gathers what the status documents tell. All outlive the Endpoint.
  Endpoint(Lobby& lobby, Radio& radio, StreamRegistry& registry, Whip& whip, Whep& whep, Guard guard,
           const Limits& limits, RefusalCounts& refusals, BurstConfig burst, std::function<Facts()> facts);
  ~Endpoint();

  /// Listens on `address` (empty: every interface, IPv4 and IPv6) and `port` (0: a free one); gives the port. For https
  /// a certificate has been shown before.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, Scheme scheme = Scheme::http);
  /// The same of a socket that listens already; it becomes ours.
  Result<std::uint16_t> adopt(int descriptor, Scheme scheme) { return acceptor_.adopt(descriptor, scheme); }
  /// What new HTTPS connections get; `ca_pem` is what /ca.crt offers, or empty.
  Status show_certificate(const ServerIdentity& identity);
  /// Who may do what, from now on, for the requests that come.
  void change_rules(OriginPolicy origins, std::optional<TokenJudge> judge) {
    guard_.change(std::move(origins), std::move(judge));
  }
  /// To be told of streams.
  StreamObserver& early_requests() { return early_; }
  /// The limits are others now; nobody who is in is turned away.
  void on_limits_changed();
  /// Whether the listening socket of this port is still open.
  bool is_listening(std::uint16_t port) const { return acceptor_.is_listening(port); }
  unsigned connection_count() const { return static_cast<unsigned>(acceptor_.connection_count()); }
  /// Takes no new connections and closes those that wait for a request. WebSockets and MP3 listeners stay.
  void stop();

 private:
  void hand_over(TcpConnection& connection, const GPtr<GIOStream>& stream);
  void route_early(SoupServerMessage* request, std::string_view path, GHashTable* query);
  void route(SoupServerMessage* request, std::string_view path, GHashTable* query);
  void upgrade(SoupServerMessage* request, const Visitor& visitor);
  void enter(MediaDoor& door, SoupServerMessage* request, const Visitor& visitor, std::string_view path,
             bool is_allowed);
  void get(SoupServerMessage* request, const Visitor& visitor, std::string_view path, GHashTable* query);
  void enter_whep(SoupServerMessage* request, const Visitor& visitor, std::string_view path);
  void get_audio(SoupServerMessage* request, const Visitor& visitor, std::string_view file, GHashTable* query);
  void get_ca(SoupServerMessage* request);
  void get_qr(SoupServerMessage* request, GHashTable* query);
  void get_metrics(SoupServerMessage* request, const Visitor& visitor);
  void get_graph(SoupServerMessage* request, const Visitor& visitor, std::string_view file);
  void get_stream_status(SoupServerMessage* request, const Visitor& visitor);

  Lobby& lobby_;
  Whip& whip_;
  Whep& whep_;
  Guard guard_;
  RefusalCounts& refusals_;
  AudioHandler audio_handler_;
  EarlyRequests early_;
  std::string ca_pem_;
  std::function<Facts()> facts_;
  RateLimit qr_codes_{20, std::chrono::milliseconds(100)};  ///< of all clients together
  Graphs graphs_;
  GPtr<SoupServer> server_;
  GPtr<GSocket> other_end_;  ///< of the socket that libsoup thinks it listens on
  Acceptor acceptor_;
};

}  // namespace voicecast
