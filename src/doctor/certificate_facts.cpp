// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include "doctor/certificate_check.hpp"
#include "tls/certificate.hpp"
#include "tls/secret_file.hpp"

namespace voicecast {
namespace {

constexpr mode_t anybody_else = 0077, everybody = 0007;

bool has_permissions(const std::filesystem::path& file, mode_t permissions) {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 && (status.st_mode & permissions);
}

StateFile look_at(const std::filesystem::path& file) {
  auto text = read_file(file);
  if (!text) return {{}, text.error(), false};
  return {std::move(*text), std::nullopt, has_permissions(file, anybody_else)};
}

OperatorCertificate look_at_files(const Config& config, TimePoint now) {
  OperatorCertificate facts{config.tls_certificate, config.tls_key, {}, {}, {}, {}};
  facts.is_key_open = has_permissions(config.tls_key, everybody);
  const auto identity = load_operator_certificate(config.tls_certificate, config.tls_key, now);
  if (!identity) {
    facts.error = identity.error().message;
    return facts;
  }
  facts.expires = identity->expires;
  if (const auto chain = read_certificates(identity->pem)) facts.names = names_in(chain->front());
  return facts;
}

}  // namespace

CertificateFacts look_at_certificate(const Config& config, TimePoint now) {
  CertificateFacts facts{config.tls, now, current_names(), {}, {}};
  if (config.tls == TlsMode::files) facts.operators = look_at_files(config, now);
  if (config.tls != TlsMode::automatic) return facts;
  const auto directory = state_dir_of(config);
  facts.own = {look_at_directory(directory), look_at(directory / "ca.pem"), look_at(directory / "server.pem")};
  return facts;
}

}  // namespace voicecast
