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

/// Keeps the certificate of the HTTPS port good: our own is renewed before its end or when the machine's addresses
/// change, the operator's is read again when its files change. Main thread; the work is done in the background.
class CertificateKeeper : public std::enable_shared_from_this<CertificateKeeper> {
 public:
  /// The operator's files; none: a certificate of our own making.
  struct Files {
    std::filesystem::path certificate, key;
  };
  using OnChange = std::function<void(const ServerIdentity&)>;

  /// Makes or reads the certificate, and waits for it. `on_change` gets every later one, on the main loop.
  static Result<std::shared_ptr<CertificateKeeper>> start(const std::filesystem::path& state_dir,
                                                          const std::optional<Files>& files, OnChange on_change);
  const ServerIdentity& identity() const { return identity_; }
  /// Looks now whether there is a new one (SIGHUP).
  void check();

 private:
  CertificateKeeper(std::filesystem::path state_dir, std::optional<Files> files, OnChange on_change);
  void take(Result<ServerIdentity> result);

  /// What the background works with; it is worked on by one at a time.
  struct Source;
  std::shared_ptr<Source> source_;
  OnChange on_change_;
  ServerIdentity identity_;
  std::string last_error_;
  Timer timer_;
};

}  // namespace voicecast
