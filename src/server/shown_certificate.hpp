// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/result.hpp"
#include "config/config.hpp"
#include "server/endpoint.hpp"
#include "tls/certificate_keeper.hpp"

namespace voicecast {

/// Connects the Endpoint's certificate with its CertificateKeeper. Main thread.
class ShownCertificate {
 public:
  /// `endpoint` outlives this object.
  explicit ShownCertificate(Endpoint& endpoint) : endpoint_(endpoint) {}
  ShownCertificate(const ShownCertificate&) = delete;

  /// Loads the Config's certificate. An Error leaves the current one in use.
  Status show(const Config& config);
  /// The same, if `wanted` names another certificate than `running`; no-op without HTTPS.
  Status change(const Config& running, const Config& wanted);
  /// Reloads the certificate files if they have changed.
  void check();

 private:
  Endpoint& endpoint_;
  std::shared_ptr<CertificateKeeper> keeper_;  ///< null without HTTPS
};

}  // namespace voicecast
