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

/// Owns every part and connects them. Main thread.
class Server {
 public:
  /// Listens on all ports and says so on standard output. Where the service manager has opened a port, its socket is
  /// taken and the Config's port and address do not count.
  static Result<std::unique_ptr<Server>> start(const Config& config, const PassedSockets& sockets);
  /// Ends streams and responses properly; what is left after this goes with the process.
  void stop();
  /// Takes on what of `wanted` needs no restart; nobody who is in notices. After an Error all is as it was.
  Status reload(const Config& wanted);
  /// Looks for a new certificate in the files that are in use.
  void check_certificate() { certificate_.check(); }
  /// How it goes, in a line for people.
  std::string status_line() const;
  /// Nobody is connected any more.
  bool is_empty() const;

 private:
  Server(const Config& config, MediaConfig media, std::optional<TokenJudge> judge);
  Status listen(const PassedSockets& sockets);
  void apply(const Config& config);
  Result<std::unique_ptr<PublishTarget>> make_target(const PublishConfig& config, const std::string& url,
                                                     const std::string& title, TargetEvents& events) const;

  Config config_;  ///< what is in force
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
