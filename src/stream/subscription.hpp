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

/// A client's WebRTC reception of one stream: its Receiver, and the negotiated descriptions. Main thread.
class Subscription : public ClientMedia, private PeerEvents {
 public:
  /// Joins the stream. `offer` is the client's (WHEP); without one the server makes the offer. `client` is its name for
  /// people. Stream and events outlive the Subscription.
  static Result<std::unique_ptr<Subscription>> join(Stream& stream, std::string client,
                                                    std::optional<RemoteDescription> offer, MediaEvents& events);

  const std::string& stream_id() const override { return stream_.id(); }
  bool is_answered() const { return answer_.has_value(); }
  void add_candidate(const std::string& candidate) override { receiver_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) override { return receiver_->restart_ice(remote); }

  /// Accepts the client's answer, once. Before the offer it is ignored: it answers the offer of a stream that the
  /// client has left.
  Status accept(std::string_view sdp);
  /// Handles another offer of a connected client for the same connection, perhaps from another network; gives the
  /// answer. ErrorCode::not_found: it is another connection, or not connected yet.
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
  std::optional<RemoteDescription> offer_, answer_;  ///< the client's; at most one of the two
  MediaEvents& events_;
  std::chrono::steady_clock::time_point asked_at_ = std::chrono::steady_clock::now();
  std::unique_ptr<Receiver> receiver_;
  std::optional<LocalDescription> own_;  ///< the server's last description
  Slot connected_;                       ///< held while connected (see Stream::note_connected())
};

}  // namespace voicecast
