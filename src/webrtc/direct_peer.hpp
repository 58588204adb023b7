// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/main_loop.hpp"
#include "dtls/dtls_session.hpp"
#include "ice/ice_agent.hpp"
#include "webrtc/direct_inbox.hpp"
#include "webrtc/peer_events.hpp"
#include "webrtc/peer_limits.hpp"
#include "webrtc/receiver_peer.hpp"
#include "webrtc/voice_description.hpp"

namespace voicecast {

/// One remote receiver without a webrtcbin: ICE lite on the port of all, DTLS on the main thread, and its RTCP
/// decrypted on the port's thread. It has no element, thread or descriptor of its own. Dropping it tells the client by
/// DTLS's close_notify. Main thread.
class DirectPeer : public ReceiverPeer, public std::enable_shared_from_this<DirectPeer>, private DtlsEvents {
 public:
  struct Settings {
    VoiceFormat format;               ///< of the voice, with the payload type of this receiver
    bool resends = false;             ///< NACKs are answered
    unsigned packets_per_second = 0;  ///< limit of packets from the peer; see PacketFilter and MediaLimit
    std::string public_address;       ///< to which a 1:1 NAT maps the local addresses; empty: no NAT
  };
  /// `events` outlives the peer. An Error if the server has no certificate for DTLS.
  static Result<std::shared_ptr<DirectPeer>> create(const std::shared_ptr<IcePort>& port, Settings settings,
                                                    PeerEvents& events);
  ~DirectPeer() override;

  void offer() override;
  void answer(const RemoteDescription& offer) override;
  void accept(const RemoteDescription& answer) override;
  /// Ignored: a lite agent makes no checks.
  void add_candidate(const std::string&) override {}
  Result<IceParameters> restart_ice(const IceParameters& remote) override;
  std::shared_ptr<IcePath> ice_path() const override { return agent_->path(); }
  void pass_rtcp_to(OnRtcp on_rtcp) override { inbox_->pass_rtcp_to(std::move(on_rtcp)); }
  Result<MediaTerms> media_terms() override;

 private:
  DirectPeer(std::shared_ptr<const DtlsContext> context, Settings settings, PeerEvents& events);
  void start(const std::shared_ptr<IcePort>& port);
  template <class F>
  auto later(F f);
  VoiceTerms voice_terms() const;
  std::vector<std::string> candidates() const;
  void describe(LocalDescription description);
  void send_description(const LocalDescription& description);
  void begin_dtls(DtlsRole role, const std::string& fingerprint);
  void on_ice_state(IceSessionEvents::State state);
  std::function<void()> reading_dtls();
  void read_dtls();
  void on_dtls_connected(const DtlsKeys& keys) override;
  void on_dtls_ended(const Error& reason) override;
  void fail(const Error& reason);

  const std::shared_ptr<const DtlsContext> context_;
  const Settings settings_;
  const std::string cname_;
  PeerEvents& events_;
  std::optional<DirectInbox> inbox_;  ///< set by start(); called by the agent until that is destroyed
  std::unique_ptr<IceAgent> agent_;
  std::shared_ptr<IcePath> path_;
  std::unique_ptr<DtlsSession> dtls_;  ///< null before the client's description is known
  std::optional<SrtpKeys> keys_;       ///< of sent packets; nothing before the peer is connected
  RestartLimit restarts_;
  Timer connect_limit_;
  bool is_described_ = false, has_path_ = false, has_failed_ = false;
};

}  // namespace voicecast
