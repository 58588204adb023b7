#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/limits.hpp"
#include "access/rate_limit.hpp"
#include "base/histogram.hpp"
#include "signaling/session.hpp"
#include "stream/admission.hpp"

namespace voicecast {

/// All sessions, and what all of them are told. Main thread.
class Lobby : public StreamObserver, public SessionOwner {
 public:
  /// `details` gathers what clients are told of the live streams. All others outlive the lobby.
  Lobby(StreamRegistry& registry, Admission& admission, const Limits& limits, RefusalCounts& refusals,
        std::function<std::vector<StreamDetails>()> details);

  /// The limits are others now; nobody who is in is turned away.
  void on_limits_changed();

  /// Why no client of this address (see counting_key()) may come in now.
  enum class Crowd { none, everybody, this_address };
  Crowd crowd(const std::string& key) const;
  void welcome(GPtr<SoupWebsocketConnection> websocket, Client client);
  /// Ends all streams, and then says goodbye to everybody (1001); they go when their WebSockets are closed.
  void close_all(const char* reason);

  std::size_t session_count() const { return sessions_.size(); }
  /// The receivers here that are connected.
  std::size_t hearing_count() const;
  const Histogram& join_times() const { return join_times_; }

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;
  void on_session_closed(Session& session) override;
  std::vector<StreamDetails> stream_details() override { return details_(); }
  Status admit_stream(const Client& client, bool is_another) override;
  Status admit_receiver(const Client& client, const std::string& stream_id) override;
  void on_refused(RefusalReason reason) override { refusals_.add(reason); }
  void on_joined(std::chrono::duration<double> after) override { join_times_.observe(after); }

 private:
  StreamRegistry& registry_;
  Admission& admission_;
  const Limits& limits_;
  RefusalCounts& refusals_;
  Tally by_address_;
  std::function<std::vector<StreamDetails>()> details_;
  std::vector<std::unique_ptr<Session>> sessions_;
  Histogram join_times_;
};

}  // namespace voicecast
