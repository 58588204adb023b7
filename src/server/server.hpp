// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "config/config.hpp"
#include "publish/publisher.hpp"
#include "radio/radio.hpp"
#include "server/endpoint.hpp"
#include "server/ports.hpp"
#include "server/server_facts.hpp"
#include "server/service_manager.hpp"
#include "server/shown_certificate.hpp"
#include "signaling/lobby.hpp"
#include "stream/admission.hpp"
#include "stream/media_config.hpp"
#include "stream/stream_registry.hpp"
#include "whip/whep.hpp"
#include "whip/whip.hpp"

namespace voicecast {

/// Owns all parts and connects them. Main thread.
class Server {
 public:
  /// Opens all ports and prints their addresses to standard output. A socket passed by the service manager replaces the
  /// Config's port and address. The Error is for the operator and names the setting.
  static Result<std::unique_ptr<Server>> start(const Config& config, const PassedSockets& sockets);
  /// Closes streams, sessions and responses. They end asynchronously: run the main loop until is_empty().
  void stop();
  /// Applies those settings of `wanted` that need no restart, without closing connections. An Error leaves all settings
  /// unchanged.
  Status reload(const Config& wanted);
  /// Reloads the certificate files if they have changed.
  void check_certificate() { certificate_.check(); }
  /// The server's status in one line, for people.
  std::string status_line() const;
  /// Whether no client is connected.
  bool is_empty() const;

 private:
  Server(const Config& config, MediaConfig media, std::optional<TokenVerifier> verifier);
  Status listen(const PassedSockets& sockets);
  void apply(const Config& config);
  Result<std::unique_ptr<PublishTarget>> make_target(const PublishConfig& config, const std::string& url,
                                                     const std::string& title, TargetEvents& events) const;

  Config config_;  ///< the effective settings
  Limits limits_;
  RefusalCounts refusals_;
  MediaConfig media_;
  StreamRegistry registry_;
  Admission admission_;
  Lobby lobby_;
  Radio radio_;
  Publisher publisher_;
  Whip whip_;
  Whep whep_;
  Endpoint endpoint_;
  Ports ports_;
  ShownCertificate certificate_;
  ServerFacts facts_;
};

}  // namespace voicecast
