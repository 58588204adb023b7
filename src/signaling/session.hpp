#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "access/refusals.hpp"
#include "glib/main_loop.hpp"
#include "glib/ptr.hpp"
#include "glib/signal.hpp"
#include "media/stream_registry.hpp"
#include "signaling/client.hpp"
#include "signaling/client_message.hpp"
#include "signaling/server_message.hpp"

typedef struct _GBytes GBytes;
typedef struct _SoupWebsocketConnection SoupWebsocketConnection;

namespace voicecast {

class Session;

/// Who keeps the sessions.
class SessionOwner {
 public:
  virtual ~SessionOwner() = default;
  /// The WebSocket is closed; the session has let go of its media. The owner drops it.
  virtual void on_session_closed(Session& session) = 0;
  /// What a client is told of the live streams, oldest first.
  virtual std::vector<StreamDetails> stream_details() = 0;
  /// Whether this client may open a stream now; `is_another` if it replaces none of its own.
  virtual Status admit_stream(const Client& client, bool is_another) = 0;
  /// Whether the stream may have one more receiver.
  virtual Status admit_receiver(const std::string& stream_id) = 0;
  /// The client, or what it sent, was refused.
  virtual void on_refused(RefusalReason reason) = 0;
  /// A receiver is connected, so long after its request.
  virtual void on_joined(std::chrono::duration<double> after) = 0;
};

/// One WebSocket: what its client is (nothing, a sender or a receiver) and the media it has. Main thread.
class Session : private SenderEvents, private PeerEvents {
 public:
  /// Greets the client with the live streams. It is dropped when it answers none of two pings, one each
  /// `ping_interval`. Registry and owner outlive the session.
  Session(GPtr<SoupWebsocketConnection> websocket, Client client, std::chrono::seconds ping_interval,
          StreamRegistry& registry, SessionOwner& owner);
  ~Session() override;

  void send(const ServerMessage& message);
  /// Sends what to_json() gave, for a message that many clients get.
  void send_json(const std::string& json);
  /// The stream is over: a receiver of it loses its media.
  void on_stream_ended(const std::string& id);
  /// Ends the media; the WebSocket stays.
  void leave_role();
  const Client& client() const { return client_; }
  /// Whether the client is a receiver, and connected.
  bool is_hearing() const { return receiver_ && is_hearing_; }
  /// Ends the media and closes the WebSocket with `code` (RFC 6455 §7.4) and a reason in words.
  void close(unsigned short code, const char* reason);

 private:
  void take(int type, GBytes* message);
  void on_text(std::string_view text);
  void refuse(const Error& error);
  void refuse_message(unsigned short code, const char* reason);
  void forbid(const char* words);
  void on_ping_due();
  void watch_expiry();
  void drop(const char* reason);

  void handle(const StartSending& request);
  void handle(const StartReceiving& request);
  void handle(const WebrtcOffer& offer);
  void handle(const WebrtcAnswer& answer);
  void handle(const IceCandidate& candidate);
  void handle(const GetAvailableStreams&);
  void handle(const StopStream&);
  void handle(const LocalIp& local);

  std::shared_ptr<Stream> find_stream(const StartReceiving& request);
  void start_receiving(const std::shared_ptr<Stream>& stream);
  void resume_receiving(const WebrtcOffer& offer);
  bool resume_sending(const RemoteDescription& offer);
  std::string sending_id() const { return "stream_" + connection_id_; }
  void end_sending();

  void on_answer(const std::string& sdp) override;
  void on_sender_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) override;
  void on_voice() override;
  void on_stream_failed(const Error& reason) override;

  void on_local_description(const std::string& sdp) override;
  void on_local_candidate(const std::string& candidate) override;
  void on_connected() override;
  void on_failed(const Error& reason) override;

  GPtr<SoupWebsocketConnection> websocket_;
  Client client_;
  StreamRegistry& registry_;
  SessionOwner& owner_;
  std::vector<Connection> connections_;
  Timer pings_, expiry_;
  unsigned unanswered_pings_ = 0;
  std::size_t unsent_bytes_ = 0;   ///< an upper bound, as of the last look at what the connection had taken
  std::uint64_t taken_bytes_ = 0;  ///< by the connection, then

  std::string name_;               ///< of the stream, for people
  std::string connection_id_;      ///< of a sender, from start_sending on; empty: no sender
  std::weak_ptr<Stream> sending_;  ///< from the offer on
  std::unique_ptr<Receiver> receiver_;
  std::string receiving_id_;
  std::string offer_;          ///< of a receiver: our last description to it
  unsigned payload_type_ = 0;  ///< that the receiver was offered
  std::chrono::steady_clock::time_point asked_at_;
  bool is_offered_ = false, is_answered_ = false, is_hearing_ = false;
  std::vector<std::string> early_candidates_;  ///< that came before the description they belong to
};

}  // namespace voicecast
