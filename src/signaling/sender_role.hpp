#pragma once

#include <memory>
#include <string>

#include "signaling/client.hpp"
#include "signaling/role_owner.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// A client who sends: what his stream is called from start_sending on, and the stream itself from his offer on.
/// Without the role there is no stream. Main thread.
class SenderRole : private SenderEvents {
 public:
  /// `name` is the stream's, for people. All others outlive it.
  SenderRole(std::string name, const Client& client, StreamRegistry& registry, RoleOwner& owner);
  SenderRole(const SenderRole&) = delete;
  ~SenderRole() override { end_stream(); }

  const std::string& connection_id() const { return connection_id_; }
  bool has_stream() const { return !stream_.expired(); }
  /// Opens a stream in place of the one that there is; its answer goes to the client.
  Status open(const RemoteDescription& offer);
  /// The client offers again the connection that there is, and its stream goes on. ErrorCode::not_found: it is another
  /// connection, or there is none.
  Status resume(const RemoteDescription& offer);
  /// Takes what check_candidate() gave; false, if there is no stream that it could be of.
  bool add_candidate(const std::string& candidate);

 private:
  std::string stream_id() const { return "stream_" + connection_id_; }
  void end_stream();
  void log(const std::string& words) const;

  void on_answer(const LocalDescription& answer) override;
  void on_sender_candidate(const std::string& candidate, const std::string& mid, std::size_t mline_index) override;
  void on_voice() override;
  void on_stream_failed(const Error& reason) override;

  std::string name_;
  const Client& client_;
  StreamRegistry& registry_;
  RoleOwner& owner_;
  std::string connection_id_;
  std::weak_ptr<Stream> stream_;
};

}  // namespace voicecast
