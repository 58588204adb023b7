// SPDX-License-Identifier: MIT
#include "tls/certificate_keeper.hpp"

#include <algorithm>

#include "access/names.hpp"
#include "base/background.hpp"
#include "base/log.hpp"
#include "tls/clock.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The time for the server's own certificates: a clock before the program's build time has not been set yet.
TimePoint plausible_now() { return std::max(std::chrono::system_clock::now(), time_of_program()); }

void log_notices(const ServerIdentity& identity) {
  for (const auto& notice : identity.notices) {
    if (identity.is_authority_replaced)
      log_warning(notice);
    else
      log_info(notice);
  }
}

/// The delay until a changed address or file is detected. A check reads the interfaces or calls stat() twice.
constexpr auto check_interval = 30s;

}  // namespace

struct CertificateKeeper::Source {
  std::filesystem::path state_dir;
  std::optional<Files> files;
  std::optional<CertificateFiles> versions;
  bool has_failed = false;

  Result<ServerIdentity> own() const {
    return ensure_identity(state_dir, current_names(), plausible_now(), is_clock_synchronized().value_or(false));
  }

  /// Nothing without a change. Background thread.
  std::optional<Result<ServerIdentity>> look() {
    if (!files) return own();
    const auto now = std::chrono::system_clock::now();
    if (!versions->changed() && !has_failed) return std::nullopt;
    auto loaded = load_operator_certificate(files->certificate, files->key, now);
    has_failed = !loaded;
    return loaded;
  }
};

Result<std::shared_ptr<CertificateKeeper>> CertificateKeeper::start(const std::filesystem::path& state_dir,
                                                                    const std::optional<Files>& files,
                                                                    OnChange on_change) {
  std::shared_ptr<CertificateKeeper> keeper(new CertificateKeeper(state_dir, files, std::move(on_change)));
  auto identity = files ? load_operator_certificate(files->certificate, files->key, std::chrono::system_clock::now())
                        : keeper->source_->own();
  if (!identity) return identity.error();
  keeper->identity_ = std::move(*identity);
  log_notices(keeper->identity_);
  keeper->timer_ = every(check_interval, [self = keeper.get()] {
    self->check();
    return true;
  });
  return keeper;
}

CertificateKeeper::CertificateKeeper(std::filesystem::path state_dir, std::optional<Files> files, OnChange on_change)
    : source_(std::make_shared<Source>(
          Source{.state_dir = std::move(state_dir), .files = files, .versions = std::nullopt})),
      on_change_(std::move(on_change)) {
  if (files) source_->versions.emplace(files->certificate, files->key);
}

void CertificateKeeper::check() {
  in_background("looking for a new certificate", [source = source_, self = weak_from_this()] {
    auto result = source->look();
    if (!result) return;
    post([self, result = std::move(*result)] {
      if (const auto keeper = self.lock()) keeper->take(result);
    });
  });
}

void CertificateKeeper::take(Result<ServerIdentity> result) {
  if (!result) {
    // Logged once, not twice a minute.
    if (std::exchange(last_error_, result.error().message) != result.error().message)
      log_warning("keeping the current certificate: " + result.error().message);
    return;
  }
  last_error_.clear();
  log_notices(*result);
  if (result->pem == identity_.pem) return;
  identity_ = std::move(*result);
  log_info("new connections use the new certificate");
  on_change_(identity_);
}

}  // namespace voicecast
