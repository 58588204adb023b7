// SPDX-License-Identifier: MIT
#include "webrtc/peer.hpp"

#include <gst/webrtc/webrtc.h>

#include <algorithm>

#include "base/thread_rule.hpp"
#include "gst/compat.hpp"
#include "gst/gst.hpp"
#include "gst/transports.hpp"
#include "sdp/candidate.hpp"
#include "sdp/description_text.hpp"
#include "sdp/fingerprint.hpp"
#include "webrtc/activity.hpp"
#include "webrtc/bypass.hpp"
#include "webrtc/dtls_certificate.hpp"
#include "webrtc/dtls_keys.hpp"
#include "webrtc/media_terms.hpp"
#include "webrtc/rtcp.hpp"
#include "webrtc/session_description.hpp"

namespace voicecast {

namespace {

using namespace std::chrono_literals;

/// How long a lost packet may delay the packets behind it. The jitter buffer passes packets in order at once, so this
/// is the cost of a loss, not a delay; 40 ms suffices to reorder two packets of 20 ms.
constexpr unsigned jitter_buffer_ms = 40;

/// Gathering host candidates takes milliseconds; a STUN or TURN server may take this long before the description is
/// sent without it.
constexpr auto gathering_limit = 500ms;

/// libnice takes 50 s to detect a lost peer. A peer that has sent RTCP sends it at least every 7.5 s (RFC 3550 §6.2: 5
/// s, times up to 1.5 at random), so this silence detects the loss sooner; one lost report does not end the peer.
constexpr auto silence_limit = 12s;

template <class State>
State state_of(GstElement* webrtcbin, const char* property) {
  State state{};
  g_object_get(webrtcbin, property, &state, nullptr);
  return state;
}

std::string string_of(GObject* object, const char* property) {
  char* raw = nullptr;
  g_object_get(object, property, &raw, nullptr);
  const GUnique<char> text(raw);
  return text ? text.get() : "";
}

/// A gap of more than the jitter buffer's default of 3,000 packets is a discontinuity. With a limit in time the sender
/// would determine the number of packets: the jitter buffer accepts rates of up to 48,000 per second, so a jump by half
/// of the number space would be 32,767 lost packets, each with a timer in a list that is searched linearly for each.
void limit_gaps(GstElement* webrtcbin) {
  const auto rtpbin = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  if (rtpbin) g_object_set(rtpbin.get(), "max-dropout-time", 0U, "max-misorder-time", 0U, nullptr);
}

}  // namespace

Result<std::shared_ptr<Peer>> Peer::create(const std::string& name, std::unique_ptr<WebrtcbinIceAgent> agent,
                                           unsigned packets_per_second, PeerEvents& events) {
  auto webrtcbin = compat::make_owner(G_OBJECT(agent->element()), [&] {
    return GPtr<GstElement>::adopt(gst_element_factory_make_full(
        "webrtcbin", "name", name.c_str(), "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency",
        jitter_buffer_ms, "ice-agent", agent->element(), nullptr));
  });
  if (!webrtcbin) return Error{ErrorCode::failed, "cannot make a webrtcbin (gstreamer1.0-plugins-bad)"};
  limit_gaps(webrtcbin.get());
  std::shared_ptr<Peer> peer(new Peer(std::move(agent), std::move(webrtcbin), packets_per_second, events));
  peer->start();
  return peer;
}

Peer::Peer(std::unique_ptr<WebrtcbinIceAgent> agent, GPtr<GstElement> webrtcbin, unsigned packets_per_second,
           PeerEvents& events)
    : agent_(std::move(agent)),
      webrtcbin_(std::move(webrtcbin)),
      events_(events),
      packets_per_second_(packets_per_second),
      activity_(std::make_shared<Activity>(packets_per_second)) {}

Peer::~Peer() { assert_main_thread(); }

void Peer::start() {
  const auto self = weak_from_this();
  activity_->on_excess = [self](const std::string& words) {
    post([self, words] {
      if (const auto peer = self.lock()) peer->fail({ErrorCode::failed, words});
    });
  };
  connections_.emplace_back(webrtcbin_.get(), "on-ice-candidate", [self](GstElement*, guint, const char*) {
    post([self] {
      if (const auto peer = self.lock()) peer->on_candidate();
    });
  });
  connections_.emplace_back(webrtcbin_.get(), "notify::ice-gathering-state", [self](GstElement*, GParamSpec*) {
    post([self] {
      if (const auto peer = self.lock()) peer->on_gathered();
    });
  });
  connections_.emplace_back(webrtcbin_.get(), "notify::connection-state", [self](GstElement*, GParamSpec*) {
    post([self] {
      if (const auto peer = self.lock()) peer->on_connection_state();
    });
  });
  connections_.push_back(use_dtls_certificate(webrtcbin_.get()));
  connections_.push_back(watch_activity(webrtcbin_.get(), activity_));
  alive_check_ = every(1s, [self] {
    if (const auto peer = self.lock()) peer->check_alive();
    return true;
  });
}

void Peer::pass_rtcp_to(OnRtcp on_rtcp) {
  activity_->rtcp = Activity::Rtcp::all;
  connections_.push_back(bypass(webrtcbin_.get(), std::move(on_rtcp)));
}

Result<MediaTerms> Peer::media_terms() {
  auto keys = sending_keys(webrtcbin_.get());
  if (!keys) return keys.error();
  end_reports(webrtcbin_.get());
  return MediaTerms{*keys, cname(webrtcbin_.get())};
}

void Peer::offer() { describe("create-offer", "offer"); }

void Peer::answer_sender(const RemoteDescription& offer) {
  // Before the transport exists.
  activity_->limit = MediaLimit(packets_per_second_, offer.payload_type, offer.rtx_payload_type);
  activity_->filter.decline(offer.declined_payload_types);
  activity_->rtcp = Activity::Rtcp::sender_reports;
  answer(offer);
}

void Peer::answer(const RemoteDescription& offer) {
  resends_ = offer.resends;
  // The transceiver is created while the offer is set, before the answer.
  connections_.emplace_back(webrtcbin_.get(), "on-new-transceiver",
                            [resends = offer.resends](GstElement*, GObject* transceiver) {
                              g_object_set(transceiver, "do-nack", gboolean{resends}, nullptr);
                            });
  set_description("set-remote-description", to_sdp(offer), DescriptionType::offer);
  remote_fingerprint_ = offer.fingerprint;
  describe("create-answer", "answer");
}

void Peer::accept(const RemoteDescription& answer) {
  if (answer.is_ice_lite && agent_->is_lite())
    return post([self = weak_from_this()] {
      if (const auto peer = self.lock()) peer->fail(both_are_lite());
    });
  remote_fingerprint_ = answer.fingerprint;
  set_description("set-remote-description", to_sdp(answer), DescriptionType::answer);
}

/// webrtcbin runs its tasks in order (its "pc" thread), so the next call need not wait.
void Peer::set_description(const char* signal, const std::string& sdp, DescriptionType type) {
  const auto promise = promise_on_main([self = weak_from_this()](Reply reply) {
    if (const auto peer = self.lock(); peer && !reply) peer->fail(reply.error());
  });
  const auto description = to_session_description(sdp, type);
  g_signal_emit_by_name(webrtcbin_.get(), signal, description.get(), promise.get());
}

void Peer::describe(const char* signal, const char* field) {
  const auto promise = promise_on_main([self = weak_from_this(), field](Reply reply) {
    const auto peer = self.lock();
    if (!peer) return;  // destroyed meanwhile
    reply ? peer->set_local_description(reply->get(), field) : peer->fail(reply.error());
  });
  g_signal_emit_by_name(webrtcbin_.get(), signal, nullptr, promise.get());
}

void Peer::set_local_description(const GstStructure* created, const char* field) {
  const auto description = description_in(created, field);
  if (!description) return fail({ErrorCode::failed, std::string("webrtcbin made no ") + field});
  const auto promise = promise_on_main([self = weak_from_this()](Reply set) {
    if (const auto peer = self.lock(); peer && !set) peer->fail(set.error());
  });
  g_signal_emit_by_name(webrtcbin_.get(), "set-local-description", description.get(), promise.get());
  await_candidates();
}

void Peer::await_candidates() {
  gathering_limit_ = after(gathering_limit, [self = weak_from_this()] {
    if (const auto peer = self.lock()) peer->send_local_description();
  });
}

void Peer::send_local_description() {
  if (is_described_ || has_failed_) return;
  auto description = local_description_of(webrtcbin_.get());
  if (!description) return await_candidates();
  if (!*description) return fail(description->error());
  told_ = candidates();
  if (!told_.empty() && (*description)->ice.candidates.empty())  // webrtcbin's thread is delayed on a busy machine
    return await_candidates();
  if (told_.empty()) return fail(no_address());
  is_described_ = true;
  complete(std::move(**description));
}

/// Replaces the parts that webrtcbin 1.22 lacks or gets wrong.
void Peer::complete(LocalDescription description) {
  description.is_ice_lite = agent_->is_lite();
  if (auto credentials = agent_->credentials()) description.ice = std::move(*credentials);
  description.ice.candidates = told_;
  if (!dtls_fingerprint().empty()) description.fingerprint = dtls_fingerprint();
  events_.on_local_description(std::move(description));
}

/// The agent's candidates, not those of webrtcbin's signal: the last signals may come after the end of gathering.
std::vector<std::string> Peer::candidates() const { return with_public_address(agent_->candidates(), public_address_); }

void Peer::on_candidate() {
  if (is_described_ && !is_gathered_ && !has_failed_) tell_candidates();
}

void Peer::tell_candidates() {
  for (const auto& candidate : candidates()) {
    if (std::find(told_.begin(), told_.end(), candidate) != told_.end()) continue;
    told_.push_back(candidate);
    events_.on_local_candidate(candidate);
  }
}

void Peer::on_gathered() {
  if (state_of<GstWebRTCICEGatheringState>(webrtcbin_.get(), "ice-gathering-state") !=
          GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE ||
      is_gathered_ || has_failed_)
    return;
  is_gathered_ = true;
  gathering_limit_.reset();
  if (!is_described_) return send_local_description();
  tell_candidates();
  events_.on_local_candidate("");
}

void Peer::add_candidate(const std::string& candidate) {
  if (++trickled_ > max_candidates) return;  // libnice pairs each with each local one
  g_signal_emit_by_name(webrtcbin_.get(), "add-ice-candidate", 0U, candidate.empty() ? nullptr : candidate.c_str());
}

Result<IceParameters> Peer::restart_ice(const IceParameters& remote) {
  if (!is_described_ || has_failed_) return Error{ErrorCode::failed, "there is no ICE session to restart"};
  if (const auto admitted = restarts_.admit(); !admitted) return admitted.error();
  trickled_ = 0;
  auto local = agent_->restart(remote);
  if (local) local->candidates = candidates();
  return local;
}

void Peer::on_connection_state() {
  assert_main_thread();
  switch (state_of<GstWebRTCPeerConnectionState>(webrtcbin_.get(), "connection-state")) {
    case GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED:
      return on_dtls_connected();
    case GST_WEBRTC_PEER_CONNECTION_STATE_FAILED:
      return fail({ErrorCode::failed, "the connection failed"});
    case GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED:
      return fail({ErrorCode::closed, "the connection was closed"});
    default:
      return;
  }
}

void Peer::on_dtls_connected() {
  if (is_connected_ || has_failed_) return;
  const auto transport = dtls_transport(webrtcbin_.get());
  // webrtcbin 1.22 accepts any certificate; without this check an attacker on the path could use its own.
  if (!has_fingerprint(string_of(transport.get(), "remote-certificate"), remote_fingerprint_))
    return fail({ErrorCode::failed, "the DTLS certificate is not the one of the description's a=fingerprint"});
  // DTLS's close_notify (the client's pc.close()) is visible here only: connection-state stays "connected" in 1.22.
  connections_.emplace_back(transport.get(), "notify::state", [self = weak_from_this()](GObject* dtls, GParamSpec*) {
    GstWebRTCDTLSTransportState state{};
    g_object_get(dtls, "state", &state, nullptr);
    if (state != GST_WEBRTC_DTLS_TRANSPORT_STATE_CLOSED) return;
    post([self] {
      if (const auto peer = self.lock()) peer->fail({ErrorCode::closed, "the other side closed the connection"});
    });
  });
  is_connected_ = true;
  idle_ = 0s;
  if (resends_) allow_early_feedback(webrtcbin_.get());
  events_.on_connected();
}

/// The owner may drop the peer when it learns of the failure: the caller holds it until this returns.
void Peer::check_alive() {
  const bool is_heard = activity_->is_authentic.exchange(false, std::memory_order_relaxed);
  if (is_heard) agent_->confirm_consent();
  idle_ = is_heard && is_connected_ ? 0s : idle_ + 1s;
  if (!is_connected_ && idle_ >= connect_limit) return fail(no_connection_after(idle_));
  if (is_connected_ && idle_ >= silence_limit && activity_->reports && !agent_->is_lite())
    fail({ErrorCode::failed, "no packet from the peer for " + std::to_string(idle_.count()) + " s"});
}

void Peer::fail(const Error& reason) {
  if (std::exchange(has_failed_, true)) return;
  alive_check_.reset();
  const auto alive_until_told = shared_from_this();
  events_.on_failed(reason);
}

}  // namespace voicecast
