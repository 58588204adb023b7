// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/rate_limit.hpp"
#include "access/refusals.hpp"
#include "base/main_loop.hpp"
#include "base/ptr.hpp"
#include "signaling/client.hpp"
#include "signaling/client_line.hpp"
#include "signaling/client_message.hpp"
#include "signaling/server_message.hpp"
#include "stream/admission.hpp"
#include "stream/publication.hpp"
#include "stream/subscription.hpp"

typedef struct _SoupWebsocketConnection SoupWebsocketConnection;

namespace voicecast {

/// What all sessions use.
struct SessionParts {
  StreamRegistry& registry;
  Admission& admission;
  RefusalCounts& refusals;
  std::function<std::vector<StreamDetails>()> stream_details;  ///< what clients are told of the live ones, oldest first
};

/// One WebSocket: its client's messages, and its role (none, sender or receiver). Main thread.
class Session : private LineEvents, private MediaEvents {
 public:
  using OnClosed = std::function<void(Session&)>;

  /// Sends the live streams. Drops a client that answers none of two pings, one every `ping_interval`. Calls
  /// `on_closed` once, when the WebSocket is closed and the session has released its media: the owner drops the
  /// session, but not within this call.
  Session(GPtr<SoupWebsocketConnection> websocket, Client client, std::chrono::seconds ping_interval,
          const SessionParts& parts, OnClosed on_closed);
  ~Session() override;

  void send(const ServerMessage& message) { send_json(to_json(message)); }
  /// Sends a text from to_json(), for a message to many clients.
  void send_json(const std::string& json) { line_.send(json); }
  /// Notifies of a live stream: a client that has requested it becomes its receiver.
  void on_stream_available(const std::string& id);
  /// Notifies of an ended stream: its receivers lose their media.
  void on_stream_ended(const std::string& id);
  /// Ends the media and keeps the WebSocket.
  void leave_role();
  const Client& client() const { return client_; }
  /// Ends the media and closes the WebSocket with the status `code` (RFC 6455 §7.4) and a reason for people.
  void close(unsigned short code, const char* reason) { line_.close(code, reason); }

 private:
  void watch_expiry();
  void refuse(const Error& error);
  void refuse_for(RefusalReason reason, const ErrorMessage& message);
  void refuse_missing(const std::string& stream_id);

  void handle(const StartSending& request);
  void handle(const StartReceiving& request);
  void handle(const WebrtcOffer& offer);
  void handle(const WebrtcAnswer& answer);
  void handle(const IceCandidate& candidate);
  void handle(const GetAvailableStreams&);
  void handle(const StopStream&);
  void handle(const LocalIp& local);

  bool is_coming(const StartReceiving& request) const;
  void hold(const StartReceiving& request);
  std::shared_ptr<Stream> find_stream(const StartReceiving& request);
  void start_receiving(const std::shared_ptr<Stream>& stream);
  bool has_tried_too_often();
  void take_senders_offer(const RemoteDescription& offer);
  void publish(const RemoteDescription& offer);
  void resume_receiving(const std::string& sdp);
  ClientMedia* media() const;

  void on_text(std::string_view text) override;
  void on_line_refused(RefusalReason reason) override { parts_.refusals.add(reason); }
  void on_closing() override { leave_role(); }
  void on_closed() override;

  void on_description(const LocalDescription& description) override;
  void on_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) override;
  void on_failed(const Error& reason) override;

  Client client_;
  const SessionParts& parts_;
  OnClosed on_session_closed_;
  ClientLine line_;
  Timer expiry_;
  /// Waits for a coming stream, for `coming_limit` at most.
  struct EarlyRequest {
    StartReceiving request;
    Timer limit;
  };
  std::optional<EarlyRequest> early_;
  RateLimit tries_;  ///< of new receptions and connections
  /// The ids of a sender, from start_sending on.
  struct Sender {
    std::string name, connection_id;
  };
  std::optional<Sender> sender_;              ///< never together with a subscription
  std::unique_ptr<Publication> publication_;  ///< from the sender's offer on
  std::unique_ptr<Subscription> subscription_;
  std::vector<std::string> early_candidates_;  ///< candidates before their description
};

}  // namespace voicecast
