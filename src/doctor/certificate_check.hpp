// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "access/names.hpp"
#include "config/config.hpp"
#include "doctor/directory_facts.hpp"
#include "doctor/finding.hpp"
#include "tls/x509.hpp"

namespace voicecast {

/// A file of the state directory: its text or an error.
struct StateFile {
  std::string text;
  std::optional<Error> error;
  bool is_open = false;  ///< Group or others have permissions.
};

/// The files of --tls auto.
struct OwnCertificate {
  DirectoryFacts state;
  StateFile authority, server;
};

/// The files of --tls CERT,KEY.
struct OperatorCertificate {
  std::filesystem::path certificate_file, key_file;
  std::string error;  ///< From load_operator_certificate(); empty: the members below are valid.
  TimePoint expires;
  std::vector<std::string> names;  ///< From names_in().
  bool is_key_open = false;        ///< Every user may read it.
};

/// The input of check_certificate().
struct CertificateFacts {
  TlsMode mode = TlsMode::automatic;
  TimePoint now;
  Names names;  ///< This machine's names.
  OwnCertificate own;
  OperatorCertificate operators;
};

/// Reads the certificate files; writes nothing. Blocks on files.
CertificateFacts look_at_certificate(const Config& config, TimePoint now);

/// Pure.
Findings check_certificate(const CertificateFacts& facts);

}  // namespace voicecast
