#include "signaling/session.hpp"

#include <utility>
#include <variant>

#include "access/refusal_log.hpp"
#include "base/log.hpp"
#include "base/thread_rule.hpp"
#include "http/soup.hpp"
#include "sdp/candidate.hpp"

namespace voicecast {
namespace {

/// Candidates that may wait for the description they belong to. A browser sends under 20.
constexpr std::size_t max_early_candidates = 100;

/// What of a client makes a peer, or has one begin ICE anew: so many at once, then one in each interval. People who
/// talk in short, or look for a voice by hopping, are slower.
constexpr unsigned tries_at_once = 20;
constexpr RateLimit::Seconds try_interval{0.5};

}  // namespace

Session::Session(GPtr<SoupWebsocketConnection> websocket, Client client, std::chrono::seconds ping_interval,
                 StreamRegistry& registry, SessionOwner& owner)
    : client_(std::move(client)),
      registry_(registry),
      owner_(owner),
      line_(std::move(websocket), client_, ping_interval, *this),
      tries_(tries_at_once, try_interval) {
  log_info(client_.name + " connected", {{"VOICECAST_CLIENT", client_.name}});
  watch_expiry();
  send(AvailableStreams{owner_.stream_details(), true});
}

Session::~Session() { leave_role(); }

void Session::on_closed() {
  leave_role();
  expiry_.reset();
  log_info(client_.name + " left", {{"VOICECAST_CLIENT", client_.name}});
  owner_.on_session_closed(*this);
}

/// A client must come back with a new token when his has expired.
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
    owner_.on_refused(RefusalReason::messages);
    return refuse(message.error());
  }
  std::visit([this](const auto& m) { handle(m); }, *message);
}

void Session::refuse(const Error& error) {
  log_refusal(RefusalReason::messages, client_.key, error.message);
  tell(error);
}

/// The edge where an Error becomes an `error` message.
void Session::tell(const Error& error) {
  const bool is_of_the_reference = error.code == ErrorCode::not_found;
  send(ErrorMessage{is_of_the_reference ? error.message : "Server error: " + error.message});
}

void Session::forbid(const char* words) {
  owner_.on_refused(RefusalReason::grant);
  log_refusal(RefusalReason::grant, client_.key, words);
  tell({ErrorCode::failed, words});
}

/// A client is one thing at a time; what it was ends here.
void Session::leave_role() {
  assert_main_thread();
  early_.reset();
  sender_.reset();
  receiver_.reset();
  early_candidates_.clear();
}

void Session::handle(const StartSending& request) {
  if (!client_.grant.may_publish) return forbid("the token does not allow publishing");
  leave_role();
  sender_.reset(new SenderRole(clean_name(request.name.value_or("")), client_, registry_, *this));
  send(SenderReady{sender_->connection_id()});
}

/// Where it has, the client is told so.
bool Session::has_tried_too_often() {
  if (!tries_.refuse("", std::chrono::steady_clock::now())) return false;
  constexpr const char* words = "too many connections and restarts in a short time: try again in 1 s";
  owner_.on_refused(RefusalReason::rate);
  log_refusal(RefusalReason::rate, client_.key, words);
  tell({ErrorCode::busy, words});
  return true;
}

void Session::handle(const WebrtcOffer& offer) {
  if ((receiver_ || sender_) && has_tried_too_often()) return;
  if (receiver_) {
    if (const auto resumed = receiver_->resume(offer.sdp); !resumed) refuse(resumed.error());
    return;
  }
  if (!sender_)
    return refuse(
        {ErrorCode::bad_message, "webrtc_offer before start_sending: send start_sending, wait for sender_ready"});
  const auto description = read_offer(offer.sdp);
  if (!description) return refuse(description.error());
  if (resume_sending(*description)) return;
  if (const auto admitted = owner_.admit_stream(client_, !sender_->has_stream()); !admitted)
    return tell(admitted.error());
  if (const auto opened = sender_->open(*description); !opened) return refuse(opened.error());
  for (const auto& candidate : std::exchange(early_candidates_, {})) sender_->add_candidate(candidate);
}

/// True if the offer was of the connection that there is.
bool Session::resume_sending(const RemoteDescription& offer) {
  const auto resumed = sender_->resume(offer);
  if (!resumed && resumed.error().code == ErrorCode::not_found) return false;
  if (!resumed) refuse(resumed.error());
  return true;
}

std::shared_ptr<Stream> Session::find_stream(const StartReceiving& request) {
  return request.stream_id ? registry_.find(*request.stream_id) : registry_.newest();
}

bool Session::is_coming(const StartReceiving& request) const {
  return request.stream_id ? registry_.is_coming(*request.stream_id) : registry_.is_any_coming();
}

/// A listener that follows the sender's webrtc_answer is faster than the first packet. What the client is now, it stays
/// until then.
void Session::hold(const StartReceiving& request) {
  early_.emplace(EarlyRequest{request, after(coming_limit, [this] {
                                const auto late = std::exchange(early_, std::nullopt);
                                refuse_missing(late->request);
                              })});
}

void Session::on_stream_available(const std::string& id) {
  if (!early_ || early_->request.stream_id.value_or(id) != id) return;
  handle(std::exchange(early_, std::nullopt)->request);
}

void Session::refuse_missing(const StartReceiving& request) {
  const bool has_ended = request.stream_id && registry_.has_ended(*request.stream_id);
  refuse({ErrorCode::not_found, has_ended ? "Stream ended" : "No audio stream available"});
}

void Session::handle(const StartReceiving& request) {
  early_.reset();
  const auto stream = find_stream(request);
  if (!stream) return is_coming(request) ? hold(request) : refuse_missing(request);
  if (!client_.grant.may_listen_to(stream->id())) return forbid("the token does not allow listening to this stream");
  // Real clients ask twice within a millisecond: by no id on the greeting and by the newest's on stream_available.
  if (receiver_ && !receiver_->is_answered() && receiver_->stream_id() == stream->id()) return;
  if (!has_tried_too_often()) start_receiving(stream);
}

void Session::start_receiving(const std::shared_ptr<Stream>& stream) {
  if (const auto admitted = owner_.admit_receiver(client_, stream->id()); !admitted) return tell(admitted.error());
  auto early = std::exchange(early_candidates_, {});
  leave_role();
  // A client that asks for its own voice has just ended it.
  if (registry_.find(stream->id()) != stream) return refuse({ErrorCode::not_found, "Stream ended"});
  auto receiver = ReceiverRole::join(*stream, client_, *this);
  if (!receiver) return refuse(receiver.error());
  receiver_ = std::move(*receiver);
  for (const auto& candidate : early) receiver_->add_candidate(candidate);
}

void Session::handle(const WebrtcAnswer& answer) {
  if (!receiver_ || receiver_->is_answered())
    return refuse({ErrorCode::bad_message, "webrtc_answer without an offer to answer: send start_receiving first"});
  if (const auto accepted = receiver_->accept(answer.sdp); !accepted) refuse(accepted.error());
}

void Session::handle(const IceCandidate& message) {
  const auto candidate =
      message.candidate.empty() ? Result<std::string>(std::string()) : check_candidate(message.candidate);
  if (!candidate) return refuse(candidate.error());
  const bool is_of_no_use = candidate->empty() && !message.candidate.empty();
  if (is_of_no_use) return;
  if (receiver_) return receiver_->add_candidate(*candidate);
  if (sender_ && sender_->add_candidate(*candidate)) return;
  if (early_candidates_.size() < max_early_candidates) early_candidates_.push_back(*candidate);
}

void Session::handle(const GetAvailableStreams&) { send(AvailableStreams{owner_.stream_details(), false}); }

void Session::handle(const StopStream&) { leave_role(); }

void Session::handle(const LocalIp& local) {
  log_debug(client_.name + " says that its address is " + local.ip, {{"VOICECAST_CLIENT", client_.name}});
}

void Session::on_stream_ended(const std::string& id) {
  if (receiver_ && receiver_->stream_id() == id) leave_role();
}

void Session::on_sending_failed(const Error& reason) {
  if (reason.code != ErrorCode::closed) tell(reason);
}

void Session::on_receiving_failed(const Error& reason) {
  leave_role();
  if (reason.code != ErrorCode::closed) tell(reason);
}

}  // namespace voicecast
