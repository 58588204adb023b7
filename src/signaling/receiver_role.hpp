#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "signaling/client.hpp"
#include "signaling/role_owner.hpp"
#include "stream/stream.hpp"

namespace voicecast {

/// A client who listens to one stream: his Receiver, and what the two sides have told each other about it. Main thread.
class ReceiverRole : private PeerEvents {
 public:
  /// Joins the stream, whose offer goes to the client. The stream, `client` and `owner` outlive the role.
  static Result<std::unique_ptr<ReceiverRole>> join(Stream& stream, const Client& client, RoleOwner& owner);
  ReceiverRole(const ReceiverRole&) = delete;

  const std::string& stream_id() const { return stream_id_; }
  bool is_answered() const { return is_answered_; }
  /// Whether the voice comes through.
  bool is_hearing() const { return is_hearing_; }
  /// Takes the client's answer to the offer, once.
  Status accept(const std::string& sdp);
  /// Takes an offer. A receiver never offers but to begin ICE anew: the answer goes to the client.
  Status resume(const std::string& sdp);
  /// Takes what check_candidate() gave.
  void add_candidate(const std::string& candidate) { receiver_->add_candidate(candidate); }

 private:
  ReceiverRole(const Stream& stream, const Client& client, RoleOwner& owner);
  void log(const std::string& words) const;

  void on_local_description(LocalDescription description) override;
  void on_local_candidate(const std::string& candidate) override;
  void on_connected() override;
  void on_failed(const Error& reason) override;

  const Client& client_;
  RoleOwner& owner_;
  std::string stream_id_;
  unsigned payload_type_;  ///< that he is offered
  std::chrono::steady_clock::time_point asked_at_ = std::chrono::steady_clock::now();
  std::unique_ptr<Receiver> receiver_;
  std::optional<LocalDescription> offer_;  ///< our last description; nothing before the first
  bool is_answered_ = false, is_hearing_ = false;
};

}  // namespace voicecast
