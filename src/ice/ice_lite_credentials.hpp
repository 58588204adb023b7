// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "ice/ice_port.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

/// The credentials with which an IcePort recognises the checks of one peer. Any thread.
class IceLiteCredentials {
 public:
  explicit IceLiteCredentials(std::shared_ptr<IcePort> port) : port_(std::move(port)) {}

  /// Generates new ones for the session. The port accepts the previous ones until the peer nominates with these.
  IceParameters renew(const std::shared_ptr<IceSession>& session);
  /// The newest; empty ones before renew().
  IceParameters last() const;
  /// No further check is answered.
  void withdraw() const;

 private:
  const std::shared_ptr<IcePort> port_;
  mutable std::mutex mutex_;
  std::vector<IceParameters> all_;  ///< under the mutex
};

/// The path, which also holds the port, the owner of its sockets.
std::shared_ptr<IcePath> path_with_sockets(std::shared_ptr<IcePort> port, std::shared_ptr<IcePath> path);

}  // namespace voicecast
