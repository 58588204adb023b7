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

/// What a Peer tells its owner, on the main loop. After on_failed() nothing more comes.
class PeerEvents {
 public:
  virtual ~PeerEvents() = default;
  /// Our offer or answer, with the candidates gathered so far: all of them, unless a STUN or TURN server was slow. The
  /// owner completes it by what it knows of the client.
  virtual void on_local_description(LocalDescription description) = 0;
  /// A candidate gathered after the description went out; an empty one says that there are no more.
  virtual void on_local_candidate(const std::string& candidate) = 0;
  virtual void on_connected() = 0;
  /// No connection came about, or it is lost (ErrorCode::failed), or the other side closed it (ErrorCode::closed).
  /// The owner drops the Peer.
  virtual void on_failed(const Error& reason) = 0;
};

/// One remote peer: the webrtcbin with its descriptions, candidates and connection. Main thread; webrtcbin's callbacks
/// come from its threads and are posted.
class Peer : public std::enable_shared_from_this<Peer> {
 public:
  /// Makes the webrtcbin, named `name`, on the given agent. `events` outlives the Peer. The owner puts `element()` into
  /// a pipeline and takes it out again. A peer that sends too much (see MediaLimit) fails.
  static Result<std::shared_ptr<Peer>> create(const std::string& name, std::unique_ptr<IceAgent> agent,
                                              unsigned packets_per_second, PeerEvents& events);
  Peer(const Peer&) = delete;
  ~Peer();

  GstElement* element() const { return webrtcbin_.get(); }
  /// See IceAgent::path().
  std::shared_ptr<IcePath> ice_path() const { return agent_->path(); }

  /// Where a 1:1 NAT maps our addresses, for descriptions and candidates that follow; empty: there is none.
  void set_public_address(const std::string& address) { public_address_ = address; }

  /// What we send goes another way than through the webrtcbin, with its keys, as long as the Connection is held: see
  /// voicecast::bypass(). Before offer() and answer().
  using OnRtcp = std::function<void(std::vector<std::uint8_t>)>;
  [[nodiscard]] Connection bypass(OnRtcp on_rtcp);

  /// Makes an offer of what is linked to the webrtcbin. It must be in a state above NULL, as for answer().
  void offer();
  /// Answers the offer of one who listens, from whom no RTP is taken.
  void answer(const RemoteDescription& offer);
  /// Answers the offer of one who sends a voice.
  void answer_sender(const RemoteDescription& offer);
  /// Takes the answer to our offer.
  void accept(const RemoteDescription& answer);
  /// Adds what check_candidate() gave; an empty one is the end of candidates. At any time.
  void add_candidate(const std::string& candidate);
  /// The peer begins ICE anew, from another network perhaps: its new credentials, and those of its candidates that it
  /// knows. Gives ours with all candidates. DTLS and media go on; where this fails, ICE does too. Once our description
  /// is out. ErrorCode::busy: it does so too often.
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
  std::shared_ptr<struct Activity> activity_;  ///< shared with the threads that bring its packets
  std::string remote_fingerprint_, public_address_;
  Timer gathering_limit_, alive_check_;
  std::chrono::seconds idle_{0};   ///< since something came, or since the beginning where it is not connected
  std::vector<std::string> told_;  ///< of our candidates, in the description or after it
  std::size_t trickled_ = 0;       ///< candidates, since the peer's last description
  bool resends_ = false;           ///< the peer, when asked to
  bool is_described_ = false, is_gathered_ = false, is_connected_ = false, has_failed_ = false;
};

}  // namespace voicecast
