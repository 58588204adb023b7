#include "signaling/session.hpp"

#include <algorithm>
#include <utility>

#include "glib/bytes.hpp"
#include "glib/log.hpp"
#include "glib/soup.hpp"
#include "glib/thread_rule.hpp"
#include "media/candidate.hpp"

namespace voicecast {
namespace {

/// The largest message that is taken: an SDP is under 10 kB.
constexpr std::size_t max_message_bytes = 256 * 1024;

/// The largest that is read, only to be refused: libsoup cuts off a client in the middle of what is larger, and he
/// never sees the close code.
constexpr guint64 max_read_bytes = 2 * 1024 * 1024;

/// Pings that may stay unanswered; at the time of the next one the client is taken for gone.
constexpr unsigned max_unanswered_pings = 2;

/// What may wait for a client that does not read. What a busy server tells in an hour is less.
constexpr std::size_t max_unsent_bytes = 1024 * 1024;

/// How much of the frame of a text message is not the message (RFC 6455 §5.2), at most.
constexpr std::size_t frame_overhead_bytes = 10;

/// Candidates that may wait for the description they belong to. A browser sends under 20.
constexpr std::size_t max_early_candidates = 100;

std::string new_uuid() { return GUnique<char>(g_uuid_string_random()).get(); }

}  // namespace

Session::Session(GPtr<SoupWebsocketConnection> websocket, Client client, std::chrono::seconds ping_interval,
                 StreamRegistry& registry, SessionOwner& owner)
    : websocket_(std::move(websocket)), client_(std::move(client)), registry_(registry), owner_(owner) {
  soup_websocket_connection_set_max_incoming_payload_size(websocket_.get(), max_read_bytes);
  // libsoup 3.2 sends pings but does not mind whether they are answered.
  soup_websocket_connection_set_keepalive_interval(websocket_.get(), static_cast<guint>(ping_interval.count()));
  pings_ = every(ping_interval, [this] {
    on_ping_due();
    return true;
  });
  connections_.emplace_back(websocket_.get(), "pong",
                            [this](SoupWebsocketConnection*, GBytes*) { unanswered_pings_ = 0; });
  connections_.emplace_back(websocket_.get(), "message",
                            [this](SoupWebsocketConnection*, int type, GBytes* message) { take(type, message); });
  connections_.emplace_back(websocket_.get(), "closing", [this](SoupWebsocketConnection*) { leave_role(); });
  connections_.emplace_back(websocket_.get(), "closed", [this](SoupWebsocketConnection*) {
    leave_role();
    pings_.reset();
    expiry_.reset();
    log_info(client_.name + " left", {{"VOICECAST_CLIENT", client_.name}});
    owner_.on_session_closed(*this);
  });
  log_info(client_.name + " connected", {{"VOICECAST_CLIENT", client_.name}});
  watch_expiry();
  send(AvailableStreams{owner_.stream_details(), true});
}

Session::~Session() { leave_role(); }

void Session::send(const ServerMessage& message) { send_json(to_json(message)); }

void Session::send_json(const std::string& json) {
  assert_main_thread();
  if (soup_websocket_connection_get_state(websocket_.get()) != SOUP_WEBSOCKET_STATE_OPEN) return;
  const auto taken = client_.bytes_taken();
  unsent_bytes_ -= std::min<std::uint64_t>(unsent_bytes_, taken - std::exchange(taken_bytes_, taken));
  unsent_bytes_ += json.size() + frame_overhead_bytes;
  if (unsent_bytes_ > max_unsent_bytes) {
    owner_.on_refused(RefusalReason::stalled);
    return drop("it does not read what it is sent");
  }
  soup_websocket_connection_send_text(websocket_.get(), json.c_str());
}

/// Where a close handshake would wait behind what the client does not take.
void Session::drop(const char* reason) {
  log_info(client_.name + ": dropped: " + reason, {{"VOICECAST_CLIENT", client_.name}});
  client_.cut();
}

void Session::on_ping_due() {
  if (unanswered_pings_++ == max_unanswered_pings) drop("it answers no pings");
}

/// A client must come back with a new token when his has expired.
void Session::watch_expiry() {
  if (!client_.grant.expires) return;
  expiry_ = after(time_until(*client_.grant.expires), [this] {
    if (std::chrono::system_clock::now() < *client_.grant.expires) return watch_expiry();
    close(SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "the token has expired");
  });
}

void Session::close(unsigned short code, const char* reason) {
  leave_role();
  if (soup_websocket_connection_get_state(websocket_.get()) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close(websocket_.get(), code, reason);
}

void Session::take(int type, GBytes* message) {
  unanswered_pings_ = 0;
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    refuse_message(SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA, "messages are JSON text, not binary");
  else if (g_bytes_get_size(message) > max_message_bytes)
    refuse_message(SOUP_WEBSOCKET_CLOSE_TOO_BIG, "a message has 256 KiB at most");
  else
    on_text(text_of(message));
}

void Session::refuse_message(unsigned short code, const char* reason) {
  owner_.on_refused(RefusalReason::messages);
  close(code, reason);
}

void Session::on_text(std::string_view text) {
  const auto message = parse_client_message(text);
  if (!message) {
    owner_.on_refused(RefusalReason::messages);
    return refuse(message.error());
  }
  std::visit([this](const auto& m) { handle(m); }, *message);
}

/// The edge where an Error becomes an `error` message.
void Session::refuse(const Error& error) {
  log_info(client_.name + ": refused: " + error.message, {{"VOICECAST_CLIENT", client_.name}});
  const bool is_of_the_reference = error.code == ErrorCode::not_found;
  send(ErrorMessage{is_of_the_reference ? error.message : "Server error: " + error.message});
}

void Session::forbid(const char* words) {
  owner_.on_refused(RefusalReason::grant);
  refuse({ErrorCode::failed, words});
}

/// A client is one thing at a time; what it was ends here.
void Session::leave_role() {
  assert_main_thread();
  end_sending();
  connection_id_.clear();
  receiver_.reset();
  receiving_id_.clear();
  early_candidates_.clear();
}

void Session::end_sending() {
  if (const auto id = sending_id(); sending_.lock()) {
    sending_.reset();
    registry_.close(id);
    log_info(id + " ended", {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", id}});
  }
}

void Session::handle(const StartSending& request) {
  if (!client_.grant.may_publish) return forbid("the token does not allow publishing");
  leave_role();
  name_ = clean_name(request.name.value_or(""));
  connection_id_ = new_uuid();
  send(SenderReady{connection_id_});
}

void Session::handle(const WebrtcOffer& offer) {
  if (receiver_) return resume_receiving(offer);
  if (connection_id_.empty())
    return refuse(
        {ErrorCode::bad_message, "webrtc_offer before start_sending: send start_sending, wait for sender_ready"});
  const auto description = read_offer(offer.sdp);
  if (!description) return refuse(description.error());
  if (resume_sending(*description)) return;
  if (const auto admitted = owner_.admit_stream(client_, sending_.expired()); !admitted)
    return refuse(admitted.error());
  end_sending();
  const auto stream = registry_.open(sending_id(), name_, *description, *this);
  if (!stream) return refuse(stream.error());
  sending_ = *stream;
  for (const auto& candidate : std::exchange(early_candidates_, {})) (*stream)->add_candidate(candidate);
  log_info(client_.name + " sends " + sending_id() + ": Opus, payload type " +
               std::to_string(description->payload_type) + (description->sends_stereo ? ", stereo" : ""),
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", sending_id()}});
}

/// True if the offer was of the connection that there is.
bool Session::resume_sending(const RemoteDescription& offer) {
  const auto stream = sending_.lock();
  if (!stream) return false;
  const auto resumed = stream->resume(offer);
  if (!resumed && resumed.error().code == ErrorCode::not_found) return false;
  if (!resumed) refuse(resumed.error());
  return true;
}

/// A receiver never offers but to begin ICE anew.
void Session::resume_receiving(const WebrtcOffer& offer) {
  const auto description = read_restart(offer.sdp);
  if (!description) return refuse(description.error());
  const auto answer = receiver_->resume(*description, offer_);
  if (!answer)
    return refuse(answer.error().code != ErrorCode::not_found
                      ? answer.error()
                      : Error{ErrorCode::bad_message,
                              "webrtc_offer of a receiver, but not of the connection that it has: send start_receiving "
                              "for another"});
  log_info(client_.name + " begins ICE anew",
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", receiving_id_}});
  offer_ = *answer;
  send(ServerAnswer{offer_});
}

std::shared_ptr<Stream> Session::find_stream(const StartReceiving& request) {
  return request.stream_id ? registry_.find(*request.stream_id) : registry_.newest();
}

void Session::handle(const StartReceiving& request) {
  const auto stream = find_stream(request);
  if (!stream) {
    const bool has_ended = request.stream_id && registry_.has_ended(*request.stream_id);
    return refuse({ErrorCode::not_found, has_ended ? "Stream ended" : "No audio stream available"});
  }
  if (!client_.grant.may_listen_to(stream->id())) return forbid("the token does not allow listening to this stream");
  // Real clients ask twice within a millisecond: by no id on the greeting and by the newest's on stream_available.
  if (receiver_ && !is_answered_ && receiving_id_ == stream->id()) return;
  start_receiving(stream);
}

void Session::start_receiving(const std::shared_ptr<Stream>& stream) {
  if (const auto admitted = owner_.admit_receiver(stream->id()); !admitted) return refuse(admitted.error());
  auto early = std::exchange(early_candidates_, {});
  leave_role();
  asked_at_ = std::chrono::steady_clock::now();
  auto receiver = stream->join(*this);
  if (!receiver) return refuse(receiver.error());
  receiver_ = std::move(*receiver);
  receiving_id_ = stream->id();
  payload_type_ = stream->format().payload_type;
  is_offered_ = is_answered_ = is_hearing_ = false;
  for (const auto& candidate : early) receiver_->add_candidate(candidate);
  log_info(client_.name + " listens to " + receiving_id_,
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", receiving_id_}});
}

void Session::handle(const WebrtcAnswer& answer) {
  if (!receiver_ || is_answered_)
    return refuse({ErrorCode::bad_message, "webrtc_answer without an offer to answer: send start_receiving first"});
  if (!is_offered_) return;  // it answers the offer of a stream that this client has hopped away from
  const auto description = read_answer(answer.sdp, payload_type_);
  if (!description) return refuse(description.error());
  is_answered_ = true;
  receiver_->accept(*description);
}

void Session::handle(const IceCandidate& message) {
  const auto candidate =
      message.candidate.empty() ? Result<std::string>(std::string()) : check_candidate(message.candidate);
  if (!candidate) return refuse(candidate.error());
  const bool is_of_no_use = candidate->empty() && !message.candidate.empty();
  if (is_of_no_use) return;
  if (receiver_) return receiver_->add_candidate(*candidate);
  if (const auto stream = sending_.lock()) return stream->add_candidate(*candidate);
  if (early_candidates_.size() < max_early_candidates) early_candidates_.push_back(*candidate);
}

void Session::handle(const GetAvailableStreams&) { send(AvailableStreams{owner_.stream_details(), false}); }

void Session::handle(const StopStream&) { leave_role(); }

void Session::handle(const LocalIp& local) {
  log_debug(client_.name + " says that its address is " + local.ip, {{"VOICECAST_CLIENT", client_.name}});
}

void Session::on_stream_ended(const std::string& id) {
  if (receiving_id_ == id) leave_role();
}

void Session::on_answer(const std::string& sdp) { send(ServerAnswer{sdp}); }

void Session::on_sender_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) {
  send(ServerCandidate{candidate, mid, static_cast<unsigned>(mline_index)});
}

void Session::on_voice() {
  log_info(sending_id() + " is live", {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", sending_id()}});
  registry_.announce(sending_id());
}

void Session::on_stream_failed(const Error& reason) {
  log_info(sending_id() + ": " + reason.message,
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", sending_id()}});
  end_sending();
  if (reason.code != ErrorCode::closed) refuse(reason);
}

void Session::on_local_description(const std::string& sdp) {
  is_offered_ = true;
  offer_ = complete_offer(sdp, receiving_id_);
  send(ServerOffer{offer_});
}

void Session::on_local_candidate(const std::string& candidate) { send(ServerCandidate{candidate, mid_of(offer_), 0}); }

void Session::on_connected() {
  if (const auto opened = receiver_->open_gate(); !opened) return on_failed(opened.error());
  is_hearing_ = true;
  owner_.on_joined(std::chrono::steady_clock::now() - asked_at_);
  log_info(client_.name + " hears " + receiving_id_,
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", receiving_id_}});
}

void Session::on_failed(const Error& reason) {
  log_info(client_.name + " no longer hears " + receiving_id_ + ": " + reason.message,
           {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", receiving_id_}});
  leave_role();
  if (reason.code != ErrorCode::closed) refuse(reason);
}

}  // namespace voicecast
