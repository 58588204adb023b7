// SPDX-License-Identifier: MIT
#include "webrtc/direct_peer.hpp"

#include <utility>

#include "access/secret_id.hpp"
#include "base/sliced_work.hpp"
#include "base/thread_rule.hpp"
#include "dtls/dtls_context.hpp"
#include "sdp/candidate.hpp"
#include "webrtc/dtls_certificate.hpp"
#include "webrtc/media_terms.hpp"

namespace voicecast {

namespace {

/// Random, of 60 bits (RFC 8829 §5.2.1: less than 2^63).
std::uint64_t new_session_id() { return std::stoull(new_secret_id().substr(0, 15), nullptr, 16); }

}  // namespace

Result<std::shared_ptr<DirectPeer>> DirectPeer::create(const std::shared_ptr<IcePort>& port, Settings settings,
                                                       PeerEvents& events) {
  const auto& context = dtls_context();
  if (!context) return context.error();
  std::shared_ptr<DirectPeer> peer(new DirectPeer(*context, std::move(settings), events));
  peer->start(port);
  return peer;
}

DirectPeer::DirectPeer(std::shared_ptr<const DtlsContext> context, Settings settings, PeerEvents& events)
    : context_(std::move(context)), settings_(std::move(settings)), cname_(new_secret_id()), events_(events) {}

DirectPeer::~DirectPeer() {
  assert_main_thread();
  if (dtls_) dtls_->close();
}

/// A function that any thread may call: it posts `f`, which gets the peer if that still exists.
template <class F>
auto DirectPeer::later(F f) {
  return [self = weak_from_this(), f](auto... arguments) {
    post([self, f, arguments...] {
      if (const auto peer = self.lock()) f(*peer, arguments...);
    });
  };
}

/// Not in the constructor: the functions hold the peer weakly.
void DirectPeer::start(const std::shared_ptr<IcePort>& port) {
  DirectInbox::Calls calls;
  calls.on_dtls = reading_dtls();
  calls.on_state = later([](DirectPeer& peer, IceSessionEvents::State state) { peer.on_ice_state(state); });
  calls.on_excess = later([](DirectPeer& peer, const std::string& words) { peer.fail({ErrorCode::failed, words}); });
  // The agent exists while packets arrive: its destructor waits for the port's thread.
  calls.on_authentic = [this] { agent_->confirm_consent(); };
  inbox_.emplace(settings_.packets_per_second, std::move(calls));
  agent_ = make_direct_ice_agent(port, *inbox_);
  path_ = agent_->path();
  connect_limit_ = after(connect_limit, [self = weak_from_this()] {
    if (const auto peer = self.lock()) peer->fail(no_connection_after(connect_limit));
  });
}

VoiceTerms DirectPeer::voice_terms() const {
  return {settings_.format, cname_, settings_.resends, context_->fingerprint()};
}

void DirectPeer::offer() { describe(offer_voice(voice_terms(), new_session_id())); }

void DirectPeer::answer(const RemoteDescription& offer) {
  auto answer = answer_with_voice(voice_terms(), offer, new_session_id());
  begin_dtls(answer.setup == "active" ? DtlsRole::active : DtlsRole::passive, offer.fingerprint);
  describe(std::move(answer));
}

/// The owner learns of it later: it is still creating the receiver.
void DirectPeer::describe(LocalDescription description) {
  description.is_ice_lite = agent_->is_lite();
  description.ice = agent_->credentials().value_or(IceParameters());
  description.ice.candidates = candidates();
  later([](DirectPeer& peer, const LocalDescription& ready) { peer.send_description(ready); })(std::move(description));
}

void DirectPeer::send_description(const LocalDescription& description) {
  if (has_failed_) return;
  if (description.ice.candidates.empty()) return fail(no_address());
  is_described_ = true;
  events_.on_local_description(description);
}

std::vector<std::string> DirectPeer::candidates() const {
  return with_public_address(agent_->candidates(), settings_.public_address);
}

void DirectPeer::accept(const RemoteDescription& answer) {
  if (answer.is_ice_lite) return later([](DirectPeer& peer) { peer.fail(both_are_lite()); })();
  begin_dtls(answer.setup == "active" ? DtlsRole::passive : DtlsRole::active, answer.fingerprint);
}

Result<IceParameters> DirectPeer::restart_ice(const IceParameters& remote) {
  if (!is_described_ || has_failed_) return Error{ErrorCode::failed, "there is no ICE session to restart"};
  if (const auto admitted = restarts_.admit(); !admitted) return admitted.error();
  auto local = agent_->restart(remote);
  if (local) local->candidates = candidates();
  return local;
}

void DirectPeer::begin_dtls(DtlsRole role, const std::string& fingerprint) {
  const auto alive_until_begun = shared_from_this();
  DtlsEvents& events = *this;
  const auto send = [path = path_](Bytes datagram) { send_by(path->get(), datagram); };
  dtls_ = std::make_unique<DtlsSession>(context_, role, fingerprint, send, events);
  if (has_path_) dtls_->start();
  reading_dtls()();  // what came before the client's description
}

void DirectPeer::on_ice_state(IceSessionEvents::State state) {
  if (state == IceSessionEvents::State::failed) return fail({ErrorCode::failed, "the connection failed"});
  if (std::exchange(has_path_, true) || has_failed_) return;
  if (dtls_) dtls_->start();
}

/// A function for any thread that has the waiting datagrams read later, for a step of a handshake takes a millisecond.
std::function<void()> DirectPeer::reading_dtls() {
  return [self = weak_from_this()] {
    post_sliced([self] {
      if (const auto peer = self.lock()) peer->read_dtls();
    });
  };
}

void DirectPeer::read_dtls() {
  if (!dtls_ || has_failed_) return;
  for (const auto& datagram : inbox_->take_dtls())
    if (dtls_ && !has_failed_) dtls_->take(datagram);
}

void DirectPeer::on_dtls_connected(const DtlsKeys& keys) {
  connect_limit_.reset();
  keys_ = keys.ours;
  inbox_->use(keys.theirs);
  events_.on_connected();
}

void DirectPeer::on_dtls_ended(const Error& reason) { fail(reason); }

Result<MediaTerms> DirectPeer::media_terms() {
  if (!keys_) return Error{ErrorCode::failed, "DTLS has agreed on no keys"};
  return MediaTerms{*keys_, cname_};
}

void DirectPeer::fail(const Error& reason) {
  if (std::exchange(has_failed_, true)) return;
  connect_limit_.reset();
  const auto alive_until_told = shared_from_this();
  events_.on_failed(reason);
}

}  // namespace voicecast
