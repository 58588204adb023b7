#include "signaling/sender_role.hpp"

#include <glib.h>

#include <utility>

#include "base/log.hpp"
#include "base/ptr.hpp"
#include "sdp/description_text.hpp"

namespace voicecast {
namespace {

std::string new_uuid() { return GUnique<char>(g_uuid_string_random()).get(); }

}  // namespace

SenderRole::SenderRole(std::string name, const Client& client, StreamRegistry& registry, RoleOwner& owner)
    : name_(std::move(name)), client_(client), registry_(registry), owner_(owner), connection_id_(new_uuid()) {}

void SenderRole::log(const std::string& words) const {
  log_info(words, {{"VOICECAST_CLIENT", client_.name}, {"VOICECAST_STREAM", stream_id()}});
}

void SenderRole::end_stream() {
  if (!has_stream()) return;
  stream_.reset();
  registry_.close(stream_id());
  log(stream_id() + " ended");
}

Status SenderRole::open(const RemoteDescription& offer) {
  end_stream();
  const auto stream = registry_.open(stream_id(), name_, offer, *this);
  if (!stream) return stream.error();
  stream_ = *stream;
  log(client_.name + " sends " + stream_id() + ": Opus, payload type " + std::to_string(offer.payload_type) +
      (offer.sends_stereo ? ", stereo" : ""));
  return success();
}

Status SenderRole::resume(const RemoteDescription& offer) {
  const auto stream = stream_.lock();
  return stream ? stream->resume(offer) : Status(Error{ErrorCode::not_found, "there is no stream"});
}

bool SenderRole::add_candidate(const std::string& candidate) {
  const auto stream = stream_.lock();
  if (stream) stream->add_candidate(candidate);
  return stream != nullptr;
}

void SenderRole::on_answer(const LocalDescription& answer) { owner_.send(ServerAnswer{to_sdp(answer)}); }

void SenderRole::on_sender_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) {
  owner_.send(ServerCandidate{candidate, mid, static_cast<unsigned>(mline_index)});
}

void SenderRole::on_voice() {
  log(stream_id() + " is live");
  registry_.announce(stream_id());
}

void SenderRole::on_stream_failed(const Error& reason) {
  log(stream_id() + ": " + reason.message);
  end_stream();
  owner_.on_sending_failed(reason);
}

}  // namespace voicecast
