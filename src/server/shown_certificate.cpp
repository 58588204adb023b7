// SPDX-License-Identifier: MIT
#include "server/shown_certificate.hpp"

#include <optional>
#include <utility>

#include "base/log.hpp"

namespace voicecast {
namespace {

bool is_of_another_certificate(const Config& a, const Config& b) {
  return a.tls != b.tls || a.tls_certificate != b.tls_certificate || a.tls_key != b.tls_key;
}

}  // namespace

Status ShownCertificate::show(const Config& config) {
  std::optional<CertificateKeeper::Files> files;
  if (config.tls == TlsMode::files) files = {config.tls_certificate, config.tls_key};
  auto keeper = CertificateKeeper::start(state_dir_of(config), files, [this](const ServerIdentity& identity) {
    if (const auto shown = endpoint_.show_certificate(identity); !shown) log_warning(shown.error().message);
  });
  if (!keeper) return Error{ErrorCode::failed, "--tls: " + keeper.error().message};
  if (auto shown = endpoint_.show_certificate((*keeper)->identity()); !shown) return shown.error();
  keeper_ = std::move(*keeper);
  return success();
}

Status ShownCertificate::change(const Config& running, const Config& wanted) {
  if (wanted.tls == TlsMode::off || !is_of_another_certificate(running, wanted)) return success();
  if (auto shown = show(wanted); !shown) return shown.error();
  log_info("the certificate has changed; new connections use it");
  return success();
}

void ShownCertificate::check() {
  if (keeper_) keeper_->check();
}

}  // namespace voicecast
