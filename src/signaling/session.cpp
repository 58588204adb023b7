// SPDX-License-Identifier: MIT
#include "signaling/session.hpp"

#include <utility>
#include <variant>

#include "access/refusal_log.hpp"
#include "base/log.hpp"
#include "base/thread_rule.hpp"
#include "http/soup.hpp"
#include "sdp/candidate.hpp"
#include "sdp/description_text.hpp"

namespace voicecast {
namespace {

/// The maximum of candidates that wait for their description. A browser sends under 20.
constexpr std::size_t max_early_candidates = 100;

/// The rate of messages that make a peer or restart ICE: a burst, then one per interval. Users with short talks, or
/// changing streams, are slower.
constexpr unsigned tries_at_once = 20;
constexpr RateLimit::Seconds try_interval{0.5};

/// Converts an Error into the code for the client.
MessageError code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::bad_message:
      return MessageError::bad_message;
    case ErrorCode::unsupported:
      return MessageError::unsupported;
    case ErrorCode::busy:
      return MessageError::busy;
    default:
      return MessageError::failed;
  }
}

ErrorMessage message_of(const Error& error, const std::string& stream_id = {}) {
  return {code_of(error), error.message, stream_id};
}

}  // namespace

Session::Session(GPtr<SoupWebsocketConnection> websocket, Client client, std::chrono::seconds ping_interval,
                 const SessionParts& parts, OnClosed on_closed)
    : client_(std::move(client)),
      parts_(parts),
      on_session_closed_(std::move(on_closed)),
      line_(std::move(websocket), client_, ping_interval, *this),
      tries_(tries_at_once, try_interval) {
  log_info(client_.name + " connected", {{"VOICECAST_CLIENT", client_.name}});
  watch_expiry();
  send(AvailableStreams{parts_.stream_details(), true});
}

Session::~Session() { leave_role(); }

void Session::on_closed() {
  leave_role();
  expiry_.reset();
  log_info(client_.name + " left", {{"VOICECAST_CLIENT", client_.name}});
  on_session_closed_(*this);
}

/// When the token expires the client must reconnect with a new one.
void Session::watch_expiry() {
  if (!client_.grant.expires) return;
  expiry_ = after(time_until(*client_.grant.expires), [this] {
    if (std::chrono::system_clock::now() < *client_.grant.expires) return watch_expiry();
    close(SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "the token has expired");
  });
}

void Session::on_text(std::string_view text) {
  const auto message = parse_client_message(text);
  if (!message) {
    parts_.refusals.add(RefusalReason::messages);
    return refuse(message.error());
  }
  std::visit([this](const auto& m) { handle(m); }, *message);
}

void Session::refuse(const Error& error) {
  log_refusal(RefusalReason::messages, client_.key, error.message);
  send(message_of(error));
}

/// Also counts it.
void Session::refuse_for(RefusalReason reason, const ErrorMessage& message) {
  parts_.refusals.add(reason);
  log_refusal(reason, client_.key, message.words);
  send(message);
}

/// The stream of this id is not there, or none at all is.
void Session::refuse_missing(const std::string& stream_id) {
  const bool has_ended = parts_.registry.has_ended(stream_id);
  log_refusal(RefusalReason::messages, client_.key, has_ended ? "the stream has ended" : "no audio stream available");
  send(ErrorMessage{has_ended ? MessageError::stream_ended : MessageError::no_stream, "", stream_id});
}

/// A client has one role at a time; its previous role ends here.
void Session::leave_role() {
  assert_main_thread();
  early_.reset();
  sender_.reset();
  publication_.reset();
  subscription_.reset();
  early_candidates_.clear();
}

void Session::handle(const StartSending& request) {
  if (!client_.grant.may_publish)
    return refuse_for(RefusalReason::grant, {MessageError::forbidden, "the token does not allow publishing"});
  leave_role();
  sender_ = Sender{clean_name(request.name.value_or("")), new_connection_id()};
  send(SenderReady{sender_->connection_id});
}

/// Reports a rejection to the client.
bool Session::has_tried_too_often() {
  if (!tries_.refuse("", std::chrono::steady_clock::now())) return false;
  refuse_for(RefusalReason::rate,
             {MessageError::busy, "too many connections and restarts in a short time: try again in 1 s"});
  return true;
}

void Session::handle(const WebrtcOffer& offer) {
  if ((subscription_ || sender_) && has_tried_too_often()) return;
  if (subscription_) return resume_receiving(offer.sdp);
  if (!sender_)
    return refuse(
        {ErrorCode::bad_message, "webrtc_offer before start_sending: send start_sending, wait for sender_ready"});
  const auto description = read_offer(offer.sdp);
  if (!description) return refuse(description.error());
  take_senders_offer(*description);
}

/// Another offer for the existing connection, perhaps from another network, continues the stream. Any other replaces
/// it.
void Session::take_senders_offer(const RemoteDescription& offer) {
  if (!publication_) return publish(offer);
  const auto answer = publication_->resume(offer);
  if (answer) return send(ServerAnswer{to_sdp(*answer)});
  if (answer.error().code != ErrorCode::not_found) return refuse(answer.error());
  publish(offer);
}

void Session::publish(const RemoteDescription& offer) {
  if (const auto refusal = parts_.admission.refuse_stream(client_.key, !publication_))
    return send(ErrorMessage{MessageError::busy, refusal->words});
  publication_.reset();
  auto publication = Publication::open(parts_.registry, stream_id_of(sender_->connection_id), sender_->name,
                                       client_.name, offer, *this);
  if (!publication) return refuse(publication.error());
  publication_ = std::move(*publication);
  for (const auto& candidate : std::exchange(early_candidates_, {})) publication_->add_candidate(candidate);
}

/// A receiver offers only to restart ICE.
void Session::resume_receiving(const std::string& sdp) {
  const auto description = read_restart(sdp);
  if (!description) return refuse(description.error());
  const auto answer = subscription_->resume(*description);
  if (answer) return send(ServerAnswer{to_sdp(*answer)});
  const bool is_another = answer.error().code == ErrorCode::not_found;
  refuse(is_another ? Error{ErrorCode::bad_message,
                            "webrtc_offer of a receiver, but not for its connection: send start_receiving "
                            "for another"}
                    : answer.error());
}

ClientMedia* Session::media() const {
  if (subscription_) return subscription_.get();
  return publication_.get();
}

std::shared_ptr<Stream> Session::find_stream(const StartReceiving& request) {
  return request.stream_id ? parts_.registry.find(*request.stream_id) : parts_.registry.newest();
}

bool Session::is_coming(const StartReceiving& request) const {
  return request.stream_id ? parts_.registry.is_coming(*request.stream_id) : parts_.registry.is_any_coming();
}

/// A receiver that reacts to the sender's webrtc_answer is faster than the first packet. The client keeps its role
/// until then.
void Session::hold(const StartReceiving& request) {
  early_.emplace(EarlyRequest{request, after(coming_limit, [this] {
                                const auto late = std::exchange(early_, std::nullopt);
                                refuse_missing(late->request.stream_id.value_or(""));
                              })});
}

void Session::on_stream_available(const std::string& id) {
  if (!early_ || early_->request.stream_id.value_or(id) != id) return;
  handle(std::exchange(early_, std::nullopt)->request);
}

void Session::handle(const StartReceiving& request) {
  early_.reset();
  const auto stream = find_stream(request);
  if (!stream) return is_coming(request) ? hold(request) : refuse_missing(request.stream_id.value_or(""));
  if (!client_.grant.may_listen_to(stream->id()))
    return refuse_for(RefusalReason::grant,
                      {MessageError::forbidden, "the token does not allow listening to this stream", stream->id()});
  // Ignores a repeated request: clients may send two within a millisecond, one without an id in response to the list of
  // streams, and one with the id in response to stream_available.
  if (subscription_ && !subscription_->is_answered() && subscription_->stream_id() == stream->id()) return;
  if (!has_tried_too_often()) start_receiving(stream);
}

void Session::start_receiving(const std::shared_ptr<Stream>& stream) {
  if (const auto refusal = parts_.admission.refuse_receiver(client_.key, *stream))
    return send(ErrorMessage{MessageError::busy, refusal->words, stream->id()});
  auto early = std::exchange(early_candidates_, {});
  leave_role();
  // A client that requests its own stream has just ended it.
  if (parts_.registry.find(stream->id()) != stream) return refuse_missing(stream->id());
  auto subscription = Subscription::join(*stream, client_.name, std::nullopt, *this);
  if (!subscription) return refuse(subscription.error());
  subscription_ = std::move(*subscription);
  for (const auto& candidate : early) subscription_->add_candidate(candidate);
}

void Session::handle(const WebrtcAnswer& answer) {
  if (!subscription_ || subscription_->is_answered())
    return refuse({ErrorCode::bad_message, "webrtc_answer without an offer to answer: send start_receiving first"});
  if (const auto accepted = subscription_->accept(answer.sdp); !accepted) refuse(accepted.error());
}

void Session::handle(const IceCandidate& message) {
  const auto candidate =
      message.candidate.empty() ? Result<std::string>(std::string()) : check_candidate(message.candidate);
  if (!candidate) return refuse(candidate.error());
  const bool is_of_no_use = candidate->empty() && !message.candidate.empty();
  if (is_of_no_use) return;
  if (auto* present = media()) return present->add_candidate(*candidate);
  if (early_candidates_.size() < max_early_candidates) early_candidates_.push_back(*candidate);
}

void Session::handle(const GetAvailableStreams&) { send(AvailableStreams{parts_.stream_details(), false}); }

void Session::handle(const StopStream&) { leave_role(); }

void Session::handle(const LocalIp& local) {
  log_debug(client_.name + " says that its address is " + local.ip, {{"VOICECAST_CLIENT", client_.name}});
}

void Session::on_stream_ended(const std::string& id) {
  if (subscription_ && subscription_->stream_id() == id) leave_role();
}

void Session::on_description(const LocalDescription& description) {
  if (description.type == DescriptionType::offer)
    send(ServerOffer{to_sdp(description)});
  else
    send(ServerAnswer{to_sdp(description)});
}

void Session::on_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) {
  send(ServerCandidate{candidate, mid, static_cast<unsigned>(mline_index)});
}

/// A sender may offer again; a receiver may request again.
void Session::on_failed(const Error& reason) {
  const auto id = media()->stream_id();
  log_info(client_.name + ": " + id + ": " + reason.message,
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", id}});
  if (subscription_) leave_role();
  publication_.reset();
  if (reason.code != ErrorCode::closed) send(message_of(reason, id));
}

}  // namespace voicecast
