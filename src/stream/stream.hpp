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
struct PipelineError;

/// A sender's pipeline: its webrtcbin, the tee and the branches of listeners. Main thread, unless stated otherwise.
class Stream : public std::enable_shared_from_this<Stream>, private PeerEvents {
 public:
  /// Answers `offer`. `name` is for people. Calls `on_live` once the sender is connected and the first packet has
  /// passed the jitter buffer. `events` outlives the Stream. An Error if the pipeline cannot be built.
  static Result<std::shared_ptr<Stream>> open(const std::string& id, const std::string& name,
                                              const RemoteDescription& offer, MediaConfig& config,
                                              std::function<void()> on_live, MediaEvents& events);
  /// Stops the pipeline in the background. Drop the receivers before.
  ~Stream() override;

  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }
  /// The details of the stream, except for listeners over HTTP.
  StreamDetails details() const;
  /// Whether the sender is connected and its first packet has arrived; only then the stream has listeners.
  bool is_live() const { return is_live_; }
  /// Whether it has ended because its connection failed or was lost, its media exceeded the limits, or its pipeline
  /// broke: not because the client closed the connection.
  bool has_failed() const { return has_failed_; }
  const VoiceFormat& format() const { return format_; }
  void add_candidate(const std::string& candidate) { peer_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) { return peer_->restart_ice(remote); }
  /// Handles another offer of the sender. For the existing connection, perhaps from another network, it gives the
  /// answer, and only packets in flight are lost. ErrorCode::not_found: it is another connection.
  Result<LocalDescription> resume(const RemoteDescription& offer);

  /// Adds a WebRTC receiver, at its request; it gets packets once it is connected. `events` and the Stream outlive it.
  /// `offer` is the client's, from read_listener_offer(); without one the server makes the offer.
  Result<std::unique_ptr<Receiver>> join(const std::optional<RemoteDescription>& offer, PeerEvents& events);
  /// Counts a WebRTC receiver as connected while it holds the Slot: it gets packets, `after` its request.
  Slot note_connected(std::chrono::duration<double> after);
  /// The number of WebRTC receivers.
  std::size_t receiver_count() const { return receivers_.taken(); }

  /// The MP3 encoder, which runs while it is held.
  Result<std::shared_ptr<Mp3Output>> mp3();
  bool is_encoding() const { return !mp3_.expired(); }
  /// The Opus packets for publishing and recording, which run while the object is held.
  Result<std::shared_ptr<OpusOutput>> opus();
  /// The same in Ogg, for listeners over HTTP.
  Result<std::shared_ptr<OggOutput>> ogg();

  /// Draws the current pipeline with its branches, by graph_of(), in the background; then calls `done` on the main
  /// loop, whether or not the Stream still exists.
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
  void on_error(const PipelineError& error);
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
  std::optional<LocalDescription> answer_;  ///< the last answer; nothing before it is complete
  VoiceFormat format_;
  GPtr<GstElement> pipeline_, tee_;
  std::unique_ptr<FanOut> fan_out_;  ///< null: each receiver is a branch of the tee
  std::shared_ptr<Peer> peer_;
  std::vector<Connection> connections_;
  std::vector<std::weak_ptr<const ReceiverEgress>> listening_;  ///< of existing receivers
  Slots receivers_;
  std::weak_ptr<Mp3Output> mp3_;
  std::weak_ptr<OpusOutput> opus_;
  std::weak_ptr<OggOutput> ogg_;
  unsigned branches_made_ = 0;
  bool has_voice_ = false, is_connected_ = false, is_live_ = false, has_failed_ = false;
};

}  // namespace voicecast
