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

/// The Endpoint's TCP ports. A socket passed by the service manager replaces the Config's port and address. Main
/// thread.
class Ports {
 public:
  /// `endpoint` outlives this object.
  explicit Ports(Endpoint& endpoint) : endpoint_(endpoint) {}

  /// Opens the two HTTP ports. The Error names the option.
  Status open_plain(const Config& config, const PassedSockets& sockets);
  /// Opens the HTTPS port. Call Endpoint::show_certificate() first. The Error names the option.
  Status open_tls(const Config& config, const PassedSockets& sockets);
  /// Prints the addresses of all ports to standard output, one per line.
  void announce() const;

  std::uint16_t audio() const { return audio_; }             ///< 0: not open yet
  std::optional<std::uint16_t> tls() const { return tls_; }  ///< nothing without HTTPS

 private:
  struct Port;
  Result<std::uint16_t> open(const Port& port, int socket, const std::string& bind);

  Endpoint& endpoint_;
  std::uint16_t audio_ = 0;
  std::optional<std::uint16_t> tls_;
  std::string lines_;  ///< the output of announce()
};

}  // namespace voicecast
