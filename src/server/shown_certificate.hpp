// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/result.hpp"
#include "config/config.hpp"
#include "server/endpoint.hpp"
#include "tls/certificate_keeper.hpp"

namespace voicecast {

/// The certificate that the Endpoint shows to new HTTPS connections, and whoever keeps it good. Main thread.
class ShownCertificate {
 public:
  /// `endpoint` outlives it.
  explicit ShownCertificate(Endpoint& endpoint) : endpoint_(endpoint) {}
  ShownCertificate(const ShownCertificate&) = delete;

  /// Shows the one that the Config names. After an Error all is as it was.
  Status show(const Config& config);
  /// The same, if that is another than the one of `running`; without HTTPS there is nothing to show.
  Status change(const Config& running, const Config& wanted);
  /// Looks for a new one in the files that are in use.
  void check();

 private:
  Endpoint& endpoint_;
  std::shared_ptr<CertificateKeeper> keeper_;  ///< null: there is no HTTPS
};

}  // namespace voicecast
