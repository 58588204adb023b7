#pragma once

#include <chrono>

#include "base/result.hpp"
#include "signaling/server_message.hpp"

namespace voicecast {

/// What a client's role, SenderRole or ReceiverRole, asks of its session.
class RoleOwner {
 public:
  virtual ~RoleOwner() = default;
  /// To the client.
  virtual void send(const ServerMessage& message) = 0;
  /// The sender's stream is over, and not because he said so. He may offer again.
  virtual void on_sending_failed(const Error& reason) = 0;
  /// The receiver is connected, so long after he asked.
  virtual void on_receiver_joined(std::chrono::duration<double> after) = 0;
  /// He hears nothing any more. The owner drops the role, within this call.
  virtual void on_receiving_failed(const Error& reason) = 0;
};

}  // namespace voicecast
