#include "whip/whip.hpp"

#include "base/log.hpp"
#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "sdp/description_text.hpp"

namespace voicecast {
namespace {

std::string new_stream_id() { return std::string("stream_") + GUnique<char>(g_uuid_string_random()).get(); }

/// One sender of WHIP: his session and his stream.
class WhipSession : public MediaSession, private SenderEvents {
 public:
  WhipSession(SoupServerMessage* request, const Visitor& visitor, RemoteDescription offer,
              const MediaDoorConfig& config, MediaSessionOwner& owner, StreamRegistry& registry, std::string path)
      : MediaSession(request, visitor, std::move(offer), config, owner),
        registry_(registry),
        path_(std::move(path)),
        id_(new_stream_id()) {}
  ~WhipSession() override { leave(); }

  Status open(const std::string& name) {
    const auto stream = registry_.open(id_, name, offer(), *this);
    if (!stream) return stream.error();
    stream_ = *stream;
    log_info(client() + " sends " + id_ + " by WHIP: Opus, payload type " + std::to_string(offer().payload_type) +
                 (offer().sends_stereo ? ", stereo" : ""),
             {{"VOICECAST_CLIENT", client()}, {"VOICECAST_STREAM", id_}});
    return success();
  }

  const std::string& stream_id() const override { return id_; }

 private:
  void add_candidate(const std::string& candidate) override {
    if (const auto stream = stream_.lock()) stream->add_candidate(candidate);
  }
  Result<IceParameters> restart_ice(const IceParameters& remote) override {
    const auto stream = stream_.lock();
    return stream ? stream->restart_ice(remote) : Error{ErrorCode::not_found, "the stream is over"};
  }
  void leave() override {
    stream_.reset();
    registry_.close(id_);
  }

  void on_answer(const LocalDescription& answer) override { created(path_, to_sdp(answer)); }
  /// WHIP has no way to tell of it: what a slow STUN or TURN server says comes too late.
  void on_sender_candidate(const std::string&, const std::string&, std::size_t) override {}
  void on_voice() override {
    log_info(id_ + " is live", {{"VOICECAST_CLIENT", client()}, {"VOICECAST_STREAM", id_}});
    registry_.announce(id_);
  }
  void on_stream_failed(const Error& reason) override { end(reason); }

  StreamRegistry& registry_;
  std::string path_, id_;
  std::weak_ptr<Stream> stream_;
};

}  // namespace

Whip::Whip(StreamRegistry& registry, Admission& admission, const MediaDoorConfig& config)
    : MediaDoor(whip_path, config), registry_(registry), admission_(admission) {}

void Whip::take_offer(SoupServerMessage* request, const Visitor& visitor, const std::string& name,
                      std::string_view sdp) {
  auto offer = read_offer(sdp);
  if (!is_good_offer(request, offer)) return;
  if (const auto refusal = admission_.refuse_stream(visitor.key, true))
    return refuse_for_now(request, refusal->words, refusal->retry_after);
  auto session = std::make_unique<WhipSession>(request, visitor, std::move(*offer), config(), as_owner(), registry_,
                                               sessions_path());
  auto& opened = *session;
  keep(std::move(session));
  if (const auto status = opened.open(clean_name(name)); !status) opened.end(status.error());
}

void Whip::look(SoupServerMessage* request, const std::string&) { answer_empty(request, SOUP_STATUS_NO_CONTENT); }

}  // namespace voicecast
