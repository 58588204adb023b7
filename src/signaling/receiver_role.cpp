#include "signaling/receiver_role.hpp"

#include <utility>

#include "base/log.hpp"
#include "sdp/description_text.hpp"

namespace voicecast {

ReceiverRole::ReceiverRole(const Stream& stream, const Client& client, RoleOwner& owner)
    : client_(client), owner_(owner), stream_id_(stream.id()), payload_type_(stream.format().payload_type) {}

Result<std::unique_ptr<ReceiverRole>> ReceiverRole::join(Stream& stream, const Client& client, RoleOwner& owner) {
  std::unique_ptr<ReceiverRole> role(new ReceiverRole(stream, client, owner));
  auto receiver = stream.join(*role);
  if (!receiver) return receiver.error();
  role->receiver_ = std::move(*receiver);
  role->log(client.name + " listens to " + stream.id());
  return role;
}

void ReceiverRole::log(const std::string& words) const {
  log_info(words, {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", stream_id_}});
}

Status ReceiverRole::accept(const std::string& sdp) {
  if (!offer_) return success();  // it answers the offer of a stream that this client has hopped away from
  const auto description = read_answer(sdp, payload_type_);
  if (!description) return description.error();
  is_answered_ = true;
  receiver_->accept(*description);
  return success();
}

Status ReceiverRole::resume(const std::string& sdp) {
  const auto description = read_restart(sdp);
  if (!description) return description.error();
  const auto resumed = offer_ ? receiver_->resume(*description, *offer_) : Status(Error{ErrorCode::not_found, ""});
  if (!resumed && resumed.error().code == ErrorCode::not_found)
    return Error{ErrorCode::bad_message,
                 "webrtc_offer of a receiver, but not of the connection that it has: send start_receiving for another"};
  if (!resumed) return resumed.error();
  log(client_.name + " begins ICE anew");
  owner_.send(ServerAnswer{to_sdp(*offer_)});
  return success();
}

void ReceiverRole::on_local_description(LocalDescription description) {
  description.stream_id = stream_id_;
  offer_ = std::move(description);
  owner_.send(ServerOffer{to_sdp(*offer_)});
}

void ReceiverRole::on_local_candidate(const std::string& candidate) {
  owner_.send(ServerCandidate{candidate, offer_->mid, 0});
}

void ReceiverRole::on_connected() {
  if (const auto opened = receiver_->open_egress(); !opened) return on_failed(opened.error());
  is_hearing_ = true;
  owner_.on_receiver_joined(std::chrono::steady_clock::now() - asked_at_);
  log(client_.name + " hears " + stream_id_);
}

void ReceiverRole::on_failed(const Error& reason) {
  log(client_.name + " no longer hears " + stream_id_ + ": " + reason.message);
  owner_.on_receiving_failed(reason);
}

}  // namespace voicecast
