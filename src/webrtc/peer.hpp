// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/main_loop.hpp"
#include "base/result.hpp"
#include "base/signal.hpp"
#include "ice/ice_agent.hpp"
#include "sdp/local_description.hpp"
#include "webrtc/peer_events.hpp"
#include "webrtc/peer_limits.hpp"
#include "webrtc/receiver_peer.hpp"

typedef struct _GstElement GstElement;
typedef struct _GstStructure GstStructure;

namespace voicecast {

/// One remote peer: its webrtcbin, descriptions, candidates and connection. Main thread; callbacks from webrtcbin's
/// threads are posted.
class Peer : public ReceiverPeer, public std::enable_shared_from_this<Peer> {
 public:
  /// Makes the webrtcbin, named `name`, on the given agent. `events` outlives the Peer. The owner adds `element()` to a
  /// pipeline and removes it. A peer that sends too much (see MediaLimit) fails.
  static Result<std::shared_ptr<Peer>> create(const std::string& name, std::unique_ptr<WebrtcbinIceAgent> agent,
                                              unsigned packets_per_second, PeerEvents& events);
  ~Peer() override;

  GstElement* element() const { return webrtcbin_.get(); }
  std::shared_ptr<IcePath> ice_path() const override { return agent_->path(); }

  /// Sets the address to which a 1:1 NAT maps the local ones, for later descriptions and candidates; empty: no NAT.
  void set_public_address(const std::string& address) { public_address_ = address; }

  void pass_rtcp_to(OnRtcp on_rtcp) override;
  Result<MediaTerms> media_terms() override;

  /// Offers the stream that is linked to the webrtcbin, which must be in a state above NULL, as for answer().
  void offer() override;
  void answer(const RemoteDescription& offer) override;
  /// Answers a sender's offer.
  void answer_sender(const RemoteDescription& offer);
  void accept(const RemoteDescription& answer) override;
  void add_candidate(const std::string& candidate) override;
  Result<IceParameters> restart_ice(const IceParameters& remote) override;

 private:
  Peer(std::unique_ptr<WebrtcbinIceAgent> agent, GPtr<GstElement> webrtcbin, unsigned packets_per_second,
       PeerEvents& events);
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

  const std::unique_ptr<WebrtcbinIceAgent> agent_;
  GPtr<GstElement> webrtcbin_;
  PeerEvents& events_;
  std::vector<Connection> connections_;
  unsigned packets_per_second_;
  RestartLimit restarts_;
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
