#pragma once

#include <chrono>
#include <memory>

#include "access/certificate_keeper.hpp"
#include "config.hpp"
#include "glib/loop_watch.hpp"
#include "glib/result.hpp"
#include "http/endpoint.hpp"
#include "http/radio.hpp"
#include "http/whep.hpp"
#include "http/whip.hpp"
#include "media/admission.hpp"
#include "media/media_config.hpp"
#include "media/publisher.hpp"
#include "media/stream_registry.hpp"
#include "service_manager.hpp"
#include "signaling/lobby.hpp"

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
  void check_certificate();
  /// How it goes, in a line for people.
  std::string status_line() const;
  /// Nobody is connected any more.
  bool is_empty() const;

 private:
  Server(const Config& config, MediaConfig media, std::optional<TokenJudge> judge);
  Status listen(const PassedSockets& sockets);
  Status listen_tls(int socket);
  struct Place;
  Result<std::uint16_t> open(const Place& place, int socket);
  Result<std::shared_ptr<CertificateKeeper>> make_keeper(const Config& config);
  Status change_certificate(const Config& wanted);
  void apply(const Config& config);
  std::vector<StreamDetails> stream_details() const;
  Result<std::unique_ptr<PublishTarget>> make_target(const PublishConfig& config, const std::string& url,
                                                     const std::string& title, TargetEvents& events) const;
  Facts facts() const;
  void gather_media(Facts& facts) const;
  void gather_listeners(Facts& facts) const;
  void observe_receptions();

  Config config_;  ///< what is in force
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::string listening_lines_;  ///< for standard output, when all of it listens
  std::uint16_t audio_port_ = 0;
  std::optional<std::uint16_t> tls_port_;
  Histogram loop_rounds_;
  ReceptionHistograms receptions_;
  LoopWatch loop_watch_;
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
  std::shared_ptr<CertificateKeeper> certificate_;
  Timer reception_timer_;
};

}  // namespace voicecast
