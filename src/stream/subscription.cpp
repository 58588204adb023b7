// SPDX-License-Identifier: MIT
#include "stream/subscription.hpp"

#include <utility>

#include "base/log.hpp"

namespace voicecast {

Subscription::Subscription(Stream& stream, std::string client, std::optional<RemoteDescription> offer,
                           MediaEvents& events)
    : stream_(stream), client_(std::move(client)), offer_(std::move(offer)), events_(events) {}

Result<std::unique_ptr<Subscription>> Subscription::join(Stream& stream, std::string client,
                                                         std::optional<RemoteDescription> offer, MediaEvents& events) {
  std::unique_ptr<Subscription> subscription(new Subscription(stream, std::move(client), std::move(offer), events));
  auto receiver = stream.join(subscription->offer_, *subscription);
  if (!receiver) return receiver.error();
  subscription->receiver_ = std::move(*receiver);
  subscription->log("listens to");
  return subscription;
}

void Subscription::log(const std::string& words) const {
  log_info(client_ + " " + words + " " + stream_id(),
           {{"VOICECAST_CLIENT", client_}, {"VOICECAST_STREAM", stream_id()}});
}

Status Subscription::accept(std::string_view sdp) {
  if (!own_) return success();
  auto answer = read_answer(sdp, own_->payload_type);
  if (!answer) return answer.error();
  answer_ = std::move(*answer);
  receiver_->accept(*answer_);
  return success();
}

Result<LocalDescription> Subscription::resume(const RemoteDescription& again) {
  if (!answer_ || !continues(again, *answer_)) return Error{ErrorCode::not_found, "it is another connection"};
  auto ice = receiver_->restart_ice({again.ice_ufrag, again.ice_pwd, again.candidates});
  if (!ice) return ice.error();
  // The client's answer determined the DTLS roles (RFC 8842 §5.5).
  own_->setup = answer_->setup == "active" ? "passive" : "active";
  own_->renew(std::move(*ice));
  log("restarts ICE for");
  return *own_;
}

void Subscription::on_local_description(LocalDescription description) {
  if (offer_) {
    description.answer(*offer_);
    description.resends = receiver_->resends() && offer_->resends;
  }
  description.stream_id = stream_id();
  own_ = std::move(description);
  events_.on_description(*own_);
}

void Subscription::on_local_candidate(const std::string& candidate) { events_.on_candidate(candidate, own_->mid, 0); }

void Subscription::on_connected() {
  if (const auto opened = receiver_->open_egress(); !opened) return on_failed(opened.error());
  connected_ = stream_.note_connected(std::chrono::steady_clock::now() - asked_at_);
  log("hears");
}

}  // namespace voicecast
