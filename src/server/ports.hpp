// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "config/config.hpp"
#include "server/endpoint.hpp"
#include "server/service_manager.hpp"

namespace voicecast {

/// The TCP ports that the Endpoint serves, each with its option. Where the service manager has opened one, its socket
/// is taken and the Config's port and address do not count. Main thread.
class Ports {
 public:
  /// `endpoint` outlives it.
  explicit Ports(Endpoint& endpoint) : endpoint_(endpoint) {}

  /// Opens the two that are always there, without TLS.
  Status open_plain(const Config& config, const PassedSockets& sockets);
  /// Opens the one of HTTPS; the Endpoint has been shown a certificate before.
  Status open_tls(const Config& config, const PassedSockets& sockets);
  /// Says on standard output what listens where, a line for each port.
  void announce() const;

  std::uint16_t audio() const { return audio_; }             ///< 0: not open yet
  std::optional<std::uint16_t> tls() const { return tls_; }  ///< none without HTTPS

 private:
  struct Place;
  Result<std::uint16_t> open(const Place& place, int socket, const std::string& bind);

  Endpoint& endpoint_;
  std::uint16_t audio_ = 0;
  std::optional<std::uint16_t> tls_;
  std::string lines_;  ///< for standard output, when all of it listens
};

}  // namespace voicecast
