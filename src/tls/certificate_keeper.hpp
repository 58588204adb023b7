// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/main_loop.hpp"
#include "base/result.hpp"
#include "tls/certificate.hpp"

namespace voicecast {

/// Keeps the certificate of the HTTPS port valid: renews the server's own before its expiry or when the addresses of
/// the machine change, and reloads the operator's when its files change. Main thread; the work runs in the background.
class CertificateKeeper : public std::enable_shared_from_this<CertificateKeeper> {
 public:
  /// The operator's files; without them the server makes its own certificate.
  struct Files {
    std::filesystem::path certificate, key;
  };
  using OnChange = std::function<void(const ServerIdentity&)>;

  /// Makes or loads the certificate, blocking. `on_change` gets each later one, on the main loop. The Error names the
  /// file.
  static Result<std::shared_ptr<CertificateKeeper>> start(const std::filesystem::path& state_dir,
                                                          const std::optional<Files>& files, OnChange on_change);
  const ServerIdentity& identity() const { return identity_; }
  /// Checks for a new certificate now (SIGHUP).
  void check();

 private:
  CertificateKeeper(std::filesystem::path state_dir, std::optional<Files> files, OnChange on_change);
  void take(Result<ServerIdentity> result);

  /// The state of the background work; one call at a time uses it.
  struct Source;
  std::shared_ptr<Source> source_;
  OnChange on_change_;
  ServerIdentity identity_;
  std::string last_error_;
  Timer timer_;
};

}  // namespace voicecast
