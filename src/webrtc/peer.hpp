// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/rate_limit.hpp"
#include "base/main_loop.hpp"
#include "base/result.hpp"
#include "base/signal.hpp"
#include "ice/ice_agent.hpp"
#include "sdp/local_description.hpp"

typedef struct _GstElement GstElement;
typedef struct _GstStructure GstStructure;

namespace voicecast {

/// The events of a Peer, on the main loop. None follows on_failed().
class PeerEvents {
 public:
  virtual ~PeerEvents() = default;
  /// The server's offer or answer, with the candidates gathered so far: all of them, unless a STUN or TURN server was
  /// slow. The owner completes it with its knowledge of the client.
  virtual void on_local_description(LocalDescription description) = 0;
  /// A candidate gathered after the description was sent; an empty one is the end of candidates.
  virtual void on_local_candidate(const std::string& candidate) = 0;
  virtual void on_connected() = 0;
  /// The connection failed or was lost (ErrorCode::failed), or the client closed it (ErrorCode::closed). The owner
  /// drops the Peer.
  virtual void on_failed(const Error& reason) = 0;
};

/// One remote peer: its webrtcbin, descriptions, candidates and connection. Main thread; callbacks from webrtcbin's
/// threads are posted.
class Peer : public std::enable_shared_from_this<Peer> {
 public:
  /// Makes the webrtcbin, named `name`, on the given agent. `events` outlives the Peer. The owner adds `element()` to a
  /// pipeline and removes it. A peer that sends too much (see MediaLimit) fails.
  static Result<std::shared_ptr<Peer>> create(const std::string& name, std::unique_ptr<IceAgent> agent,
                                              unsigned packets_per_second, PeerEvents& events);
  Peer(const Peer&) = delete;
  ~Peer();

  GstElement* element() const { return webrtcbin_.get(); }
  /// See IceAgent::path().
  std::shared_ptr<IcePath> ice_path() const { return agent_->path(); }

  /// Sets the address to which a 1:1 NAT maps the local ones, for later descriptions and candidates; empty: no NAT.
  void set_public_address(const std::string& address) { public_address_ = address; }

  /// For media that is sent with the webrtcbin's keys, but not through it: see bypass.hpp, also for the Connection. The
  /// peer's RTCP goes to `on_rtcp`, on the receiving thread. Call it before offer() and answer().
  using OnRtcp = std::function<void(std::vector<std::uint8_t>)>;
  [[nodiscard]] Connection bypass(OnRtcp on_rtcp);

  /// Offers the stream that is linked to the webrtcbin, which must be in a state above NULL, as for answer().
  void offer();
  /// Answers a receiver's offer; RTP from it is dropped.
  void answer(const RemoteDescription& offer);
  /// Answers a sender's offer.
  void answer_sender(const RemoteDescription& offer);
  /// Accepts the client's answer.
  void accept(const RemoteDescription& answer);
  /// Adds a candidate from check_candidate(); an empty one is the end of candidates. At any time.
  void add_candidate(const std::string& candidate);
  /// Restarts ICE for the peer, perhaps from another network: `remote` has its new credentials and the candidates known
  /// so far. Gives the server's, with all candidates. DTLS and media continue; if the restart fails, so does the peer.
  /// Call it after on_local_description(). ErrorCode::busy: too many restarts.
  Result<IceParameters> restart_ice(const IceParameters& remote);

 private:
  Peer(std::unique_ptr<IceAgent> agent, GPtr<GstElement> webrtcbin, unsigned packets_per_second, PeerEvents& events);
  void start();
  void set_description(const char* signal, const std::string& sdp, DescriptionType type);
  void describe(const char* signal, const char* field);
  void set_local_description(const GstStructure* created, const char* field);
  void await_candidates();
  void send_local_description();
  void complete(LocalDescription description);
  std::vector<std::string> candidates() const;
  void on_candidate();
  void tell_candidates();
  void on_gathered();
  void on_connection_state();
  void on_dtls_connected();
  void check_alive();
  void fail(const Error& reason);

  const std::unique_ptr<IceAgent> agent_;
  GPtr<GstElement> webrtcbin_;
  PeerEvents& events_;
  std::vector<Connection> connections_;
  unsigned packets_per_second_;
  RateLimit restarts_;
  std::shared_ptr<struct Activity> activity_;  ///< shared with the threads that deliver its packets
  std::string remote_fingerprint_, public_address_;
  Timer gathering_limit_, alive_check_;
  std::chrono::seconds idle_{0};   ///< time since the last packet, or since the start before the connection
  std::vector<std::string> told_;  ///< local candidates sent to the client
  std::size_t trickled_ = 0;       ///< remote candidates since the last description
  bool resends_ = false;           ///< the peer answers NACKs
  bool is_described_ = false, is_gathered_ = false, is_connected_ = false, has_failed_ = false;
};

}  // namespace voicecast
