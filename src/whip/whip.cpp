// SPDX-License-Identifier: MIT
#include "whip/whip.hpp"

#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "stream/publication.hpp"

namespace voicecast {

Whip::Whip(StreamRegistry& registry, Admission& admission, const MediaEndpointConfig& config)
    : MediaEndpoint(whip_path, config), registry_(registry), admission_(admission) {}

void Whip::take_offer(SoupServerMessage* request, const Requester& requester, const std::string& name,
                      std::string_view sdp) {
  auto offer = read_offer(sdp);
  if (!is_good_offer(request, offer)) return;
  if (const auto refusal = admission_.refuse_stream(requester.key, true))
    return refuse_for_now(request, refusal->words, refusal->retry_after);
  auto& session = begin(request, requester, std::move(*offer), stream_id_of(new_connection_id()));
  auto publication =
      Publication::open(registry_, session.stream_id(), clean_name(name), session.client(), session.offer(), session);
  if (!publication) return session.end(publication.error());
  session.hold(std::move(*publication));
}

void Whip::look(SoupServerMessage* request, const std::string&) { answer_empty(request, SOUP_STATUS_NO_CONTENT); }

}  // namespace voicecast
