// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gst/slots.hpp"
#include "stream/client_media.hpp"
#include "stream/stream.hpp"

namespace voicecast {

/// A client that listens to one stream by WebRTC: its Receiver, and what the two sides have described. Main thread.
class Subscription : public ClientMedia, private PeerEvents {
 public:
  /// Joins the stream. `offer` is the client's (WHEP), which is answered; without one the offer is ours. `client` is
  /// its name for people. Stream and events outlive the Subscription.
  static Result<std::unique_ptr<Subscription>> join(Stream& stream, std::string client,
                                                    std::optional<RemoteDescription> offer, MediaEvents& events);

  const std::string& stream_id() const override { return stream_.id(); }
  bool is_answered() const { return answer_.has_value(); }
  void add_candidate(const std::string& candidate) override { receiver_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) override { return receiver_->restart_ice(remote); }

  /// Takes the client's answer to our offer, once. Before there is an offer it is passed over: it answers the one of a
  /// stream that the client has left.
  Status accept(std::string_view sdp);
  /// The client, which has answered, offers the same connection anew, from another network perhaps: gives our answer.
  /// ErrorCode::not_found: it is another connection, or none yet.
  Result<LocalDescription> resume(const RemoteDescription& again);

 private:
  Subscription(Stream& stream, std::string client, std::optional<RemoteDescription> offer, MediaEvents& events);
  void log(const std::string& words) const;

  void on_local_description(LocalDescription description) override;
  void on_local_candidate(const std::string& candidate) override;
  void on_connected() override;
  void on_failed(const Error& reason) override { events_.on_failed(reason); }

  Stream& stream_;
  std::string client_;
  std::optional<RemoteDescription> offer_, answer_;  ///< the client's: one of the two, or nothing yet
  MediaEvents& events_;
  std::chrono::steady_clock::time_point asked_at_ = std::chrono::steady_clock::now();
  std::unique_ptr<Receiver> receiver_;
  std::optional<LocalDescription> own_;  ///< our last description
  Slot hearing_;                         ///< from the connection on
};

}  // namespace voicecast
