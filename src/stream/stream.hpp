// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/mp3_output.hpp"
#include "audio/ogg_output.hpp"
#include "audio/opus_output.hpp"
#include "gst/slots.hpp"
#include "stream/client_media.hpp"
#include "stream/receiver.hpp"
#include "stream/stream_details.hpp"
#include "webrtc/peer.hpp"

typedef struct _GstPad GstPad;

namespace voicecast {

class FanOut;

/// A sender's pipeline: his webrtcbin, the tee behind it and the branches of those who listen. Main thread, except for
/// what is said otherwise.
class Stream : public std::enable_shared_from_this<Stream>, private PeerEvents {
 public:
  /// Answers `offer`. `name` is for people. `on_live` is called when the voice is here: the sender is connected, and
  /// the first packet came through the jitter buffer. `events` outlives the Stream.
  static Result<std::shared_ptr<Stream>> open(const std::string& id, const std::string& name,
                                              const RemoteDescription& offer, MediaConfig& config,
                                              std::function<void()> on_live, MediaEvents& events);
  /// Stops everything in the background. The receivers must be gone before.
  ~Stream() override;

  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }
  /// What is known here: everything but the listeners over HTTP.
  StreamDetails details() const;
  /// Live once the voice has come; only then it may be listened to.
  bool is_live() const { return is_live_; }
  const VoiceFormat& format() const { return format_; }
  void add_candidate(const std::string& candidate) { peer_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) { return peer_->restart_ice(remote); }
  /// The sender offers again. If it is the connection that we have, from another network perhaps, it goes on and this
  /// is the answer; nothing is lost but what is on its way. ErrorCode::not_found: it is another connection.
  Result<LocalDescription> resume(const RemoteDescription& offer);

  /// A new WebRTC listener; `events` outlives it, and so does the Stream. `offer` is the listener's, of
  /// read_listener_offer(), which is answered; without one the offer is ours.
  Result<std::unique_ptr<Receiver>> join(const std::optional<RemoteDescription>& offer, PeerEvents& events);
  /// A WebRTC listener is connected, so long after its request, and counted as long as it holds the Slot.
  Slot note_hearing(std::chrono::duration<double> after);
  /// The WebRTC listeners there are.
  std::size_t receiver_count() const { return receivers_.taken(); }

  /// The MP3 encoder, which runs as long as somebody holds it.
  Result<std::shared_ptr<Mp3Output>> mp3();
  bool is_encoding() const { return !mp3_.expired(); }
  /// The Opus packets for those who publish or record them, as long as somebody holds it.
  Result<std::shared_ptr<OpusOutput>> opus();
  /// The same in Ogg for those who listen over HTTP, likewise.
  Result<std::shared_ptr<OggOutput>> ogg();

  /// Draws the pipeline as it is now, with the branches of all who listen, as graph_of() does it. The background thread
  /// does the work; then `done` is called on the main loop, whether or not the Stream is still there.
  void draw(std::function<void(const std::string& graph)> done) const;

 private:
  Stream(std::string id, std::string name, MediaConfig& config, std::function<void()> on_live, MediaEvents& events,
         const RemoteDescription& offer);
  Status start(GPtr<GstElement> pipeline);
  std::string branch_name(const char* kind);
  void dump(const char* when) const;
  void note(const Result<std::unique_ptr<Receiver>>& receiver);
  void on_voice(VoiceFormat format);
  void go_live();
  void on_error(const std::string& where, const std::string& words);
  void on_local_description(LocalDescription description) override;
  void on_local_candidate(const std::string& candidate) override;
  void on_connected() override;
  void on_failed(const Error& reason) override;

  std::string id_, name_;
  std::chrono::system_clock::time_point since_;
  std::shared_ptr<MediaCounters> counters_ = std::make_shared<MediaCounters>();
  MediaConfig& config_;
  std::function<void()> on_live_;
  MediaEvents& events_;
  RemoteDescription offer_;
  std::optional<LocalDescription> answer_;  ///< the last one; nothing until it is out
  VoiceFormat format_;
  GPtr<GstElement> pipeline_, tee_;
  std::unique_ptr<FanOut> fan_out_;  ///< null: each receiver gets a branch of the tee
  std::shared_ptr<Peer> peer_;
  std::vector<Connection> connections_;
  std::vector<std::weak_ptr<const ReceiverEgress>> listening_;  ///< of the receivers, as long as they are there
  Slots receivers_;
  std::weak_ptr<Mp3Output> mp3_;
  std::weak_ptr<OpusOutput> opus_;
  std::weak_ptr<OggOutput> ogg_;
  unsigned branches_made_ = 0;
  bool has_voice_ = false, is_connected_ = false, is_live_ = false;
};

}  // namespace voicecast
