// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "access/names.hpp"
#include "config/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/place.hpp"
#include "tls/x509.hpp"

namespace voicecast {

/// A file of the state directory: its text, or why there is none.
struct StateFile {
  std::string text;
  std::optional<Error> error;
  bool is_open = false;  ///< Others than its owner have permissions on it.
};

/// Of --tls auto.
struct OwnCertificate {
  Place state;
  StateFile authority, server;
};

/// Of --tls CERT,KEY.
struct OperatorCertificate {
  std::filesystem::path certificate_file, key_file;
  std::string error;  ///< Why it cannot be used, as load_operator_certificate() says it; empty: what follows counts.
  TimePoint expires;
  std::vector<std::string> names;  ///< As names_in() gives them.
  bool is_key_open = false;        ///< Everybody may read it.
};

/// What HTTPS would show.
struct CertificateFacts {
  TlsMode mode = TlsMode::automatic;
  TimePoint now;
  Names names;  ///< Of this machine.
  OwnCertificate own;
  OperatorCertificate operators;
};

/// Reads files; writes none.
CertificateFacts look_at_certificate(const Config& config, TimePoint now);

/// Pure.
Findings check_certificate(const CertificateFacts& facts);

}  // namespace voicecast
