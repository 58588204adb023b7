#include "whip/whep.hpp"

#include "base/log.hpp"
#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "sdp/description_text.hpp"

namespace voicecast {
namespace {

constexpr const char* latest = "latest";

/// A player may come back so often without being a burden.
constexpr std::chrono::seconds retry_after{5};

/// The latest is a place that is known and has no voice now (draft-ietf-wish-whep); an id that is over does not
/// come back.
void refuse_for_want_of_a_stream(SoupServerMessage* request, const std::string& name) {
  if (name != latest) return refuse(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  set_header(request, "Retry-After", std::to_string(retry_after.count()));
  refuse(request, SOUP_STATUS_CONFLICT, "No audio stream available: nobody talks now");
}

using Joined = std::function<void(std::chrono::duration<double>)>;

/// One listener of WHEP: his session and his branch of the stream.
class WhepSession : public MediaSession, private PeerEvents {
 public:
  WhepSession(SoupServerMessage* request, const Visitor& visitor, RemoteDescription offer,
              const MediaDoorConfig& config, MediaSessionOwner& owner, std::string stream_id, std::string path,
              const Joined& on_joined, const std::shared_ptr<void>& hearing)
      : MediaSession(request, visitor, std::move(offer), config, owner),
        stream_id_(std::move(stream_id)),
        path_(std::move(path)),
        on_joined_(on_joined),
        hearing_(hearing) {}

  Status join(Stream& stream) {
    auto receiver = stream.join(offer(), *this);
    if (!receiver) return receiver.error();
    receiver_ = std::move(*receiver);
    log("listens to " + stream_id_ + " by WHEP");
    return success();
  }

  const std::string& stream_id() const override { return stream_id_; }

 private:
  void add_candidate(const std::string& candidate) override { receiver_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) override { return receiver_->restart_ice(remote); }
  void leave() override {
    receiver_.reset();
    place_.reset();
  }

  void on_local_description(LocalDescription description) override {
    description.answer(offer());
    description.stream_id = stream_id_;
    description.resends = receiver_->resends() && offer().resends;
    created(path_, to_sdp(description));
  }
  /// WHEP has no way to tell of it: what a slow STUN or TURN server says comes too late.
  void on_local_candidate(const std::string&) override {}
  void on_connected() override {
    if (const auto opened = receiver_->open_egress(); !opened) return end(opened.error());
    place_ = hearing_;
    on_joined_(std::chrono::steady_clock::now() - asked_at_);
    log("hears " + stream_id_);
  }
  void on_failed(const Error& reason) override { end(reason); }

  void log(const std::string& words) const {
    log_info(client() + " " + words, {{"VOICECAST_CLIENT", client()}, {"VOICECAST_STREAM", stream_id_}});
  }

  std::string stream_id_, path_;
  const Joined& on_joined_;
  const std::shared_ptr<void>& hearing_;
  std::shared_ptr<void> place_;  ///< among those who hear, from then on
  std::chrono::steady_clock::time_point asked_at_ = std::chrono::steady_clock::now();
  std::unique_ptr<Receiver> receiver_;
};

}  // namespace

Whep::Whep(StreamRegistry& registry, Admission& admission, const MediaDoorConfig& config, Joined on_joined)
    : MediaDoor(whep_path, config), registry_(registry), admission_(admission), on_joined_(std::move(on_joined)) {}

std::shared_ptr<Stream> Whep::find(const std::string& name) const {
  return name == latest ? registry_.newest() : registry_.find(name);
}

void Whep::take_offer(SoupServerMessage* request, const Visitor& visitor, const std::string& name,
                      std::string_view sdp) {
  const auto stream = find(name);
  if (!stream) return refuse_for_want_of_a_stream(request, name);
  auto offer = read_listener_offer(sdp);
  if (!is_good_offer(request, offer)) return;
  if (const auto refusal = admission_.refuse_receiver(visitor.key, *stream))
    return refuse_for_now(request, refusal->words, refusal->retry_after);
  auto session = std::make_unique<WhepSession>(request, visitor, std::move(*offer), config(), as_owner(), stream->id(),
                                               sessions_path(), on_joined_, hearing_);
  auto& opened = *session;
  keep(std::move(session));
  if (const auto status = opened.join(*stream); !status) opened.end(status.error());
}

/// By HEAD a player recognises what it may post to. The latest is such an address also while nobody talks.
void Whep::look(SoupServerMessage* request, const std::string& name) {
  if (name != latest && !find(name)) return refuse(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  set_header(request, "Content-Type", "application/sdp");
  answer_empty(request, SOUP_STATUS_OK);
}

void Whep::on_stream_ended(const std::string& id) { end_all_of(id, {ErrorCode::not_found, "Stream ended"}); }

}  // namespace voicecast
