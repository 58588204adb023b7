// SPDX-License-Identifier: MIT
#include "whip/whep.hpp"

#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "stream/subscription.hpp"

namespace voicecast {
namespace {

constexpr const char* latest = "latest";

/// The retry interval for players: often enough without load.
constexpr std::chrono::seconds retry_after{5};

/// 409 for the latest stream while no stream is live (draft-ietf-wish-whep); an ended id is not found.
void refuse_for_want_of_a_stream(SoupServerMessage* request, const std::string& name) {
  if (name != latest) return refuse(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  set_header(request, "Retry-After", std::to_string(retry_after.count()));
  refuse(request, SOUP_STATUS_CONFLICT, "No audio stream available: nobody talks now");
}

}  // namespace

Whep::Whep(StreamRegistry& registry, Admission& admission, const MediaEndpointConfig& config)
    : MediaEndpoint(whep_path, config), registry_(registry), admission_(admission) {}

std::shared_ptr<Stream> Whep::find(const std::string& name) const {
  return name == latest ? registry_.newest() : registry_.find(name);
}

void Whep::take_offer(SoupServerMessage* request, const Requester& requester, const std::string& name,
                      std::string_view sdp) {
  const auto stream = find(name);
  if (!stream) return refuse_for_want_of_a_stream(request, name);
  auto offer = read_listener_offer(sdp);
  if (!is_good_offer(request, offer)) return;
  if (const auto refusal = admission_.refuse_receiver(requester.key, *stream))
    return refuse_for_now(request, refusal->words, refusal->retry_after);
  auto& session = begin(request, requester, std::move(*offer), stream->id());
  auto subscription = Subscription::join(*stream, session.client(), session.offer(), session);
  if (!subscription) return session.end(subscription.error());
  session.hold(std::move(*subscription));
}

/// Players use HEAD to detect a WHEP endpoint, for the latest stream also while no stream is live.
void Whep::look(SoupServerMessage* request, const std::string& name) {
  if (name != latest && !find(name)) return refuse(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  set_header(request, "Content-Type", "application/sdp");
  answer_empty(request, SOUP_STATUS_OK);
}

void Whep::on_stream_ended(const std::string& id) { end_all_of(id, {ErrorCode::not_found, "Stream ended"}); }

}  // namespace voicecast
