// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "access/names.hpp"
#include "base/result.hpp"
#include "tls/x509.hpp"

namespace voicecast {

/// The certificate of the HTTPS port.
struct ServerIdentity {
  std::string pem;     ///< Key and chain, for g_tls_certificate_new_from_pem(). Secret: never log it.
  std::string ca_pem;  ///< The local authority's certificate, for /ca.crt. Empty with the operator's certificate.
  TimePoint expires;
  std::vector<std::string> notices;    ///< Log lines: each change and its reason. Empty without changes.
  bool is_authority_replaced = false;  ///< Devices that trusted the old one must install the new one.
};

/// Loads the server's own certificate from the files in `state_dir`, or makes a new one if they are not usable. Call it
/// at the start, every hour or so, and on changes of the addresses: if `pem` has changed, use the new one for new
/// connections.
///
/// Creates the directory (0700) if it is missing. Replaces each file in it atomically (written aside, synced, renamed):
///   ca.pem      0600  the local authority: key and certificate; the only file to back up
///   ca.pem.old  0600  the authority before the last replacement
///   ca.crt      0644  the authority's certificate without the key, for people
///   server.pem  0600  the server's key, certificate and chain
///
/// The server's certificate is replaced for each reason of why_renew(). The authority is installed on people's devices
/// and is replaced only if it cannot be used at all (why_replace_ca()), by the previous one if that is usable; a notice
/// says so and why. A file that cannot be read for another reason, such as its permissions, is an error and stays
/// unchanged. If only server.pem cannot be written, the new certificate is used anyway and a notice says so.
///
/// Takes milliseconds and syncs to disk: call it in the background. Any thread or process; concurrent calls wait for
/// each other. The Error is one line that names the file.
Result<ServerIdentity> ensure_identity(const std::filesystem::path& state_dir, const Names& names, TimePoint now,
                                       bool is_clock_right = false);

/// Loads the operator's certificate (followed by its chain) and key, both PEM, optionally from one file. The Error is
/// one line that names the file and the remedy: unreadable, broken, encrypted, not a pair, expired, not yet valid. A
/// notice warns of a near expiry. Reads files. Any thread.
Result<ServerIdentity> load_operator_certificate(const std::filesystem::path& certificate_file,
                                                 const std::filesystem::path& key_file, TimePoint now);

/// Detects replaced files. Construct it before the files are read for the first time, so that no change is missed. One
/// thread.
class CertificateFiles {
 public:
  CertificateFiles(std::filesystem::path certificate_file, std::filesystem::path key_file);
  /// Whether a file was replaced, written, created or removed, or changed its permissions, since the last call. Follows
  /// symbolic links. If the two files are replaced one after the other, each is a change: a load that fails in between
  /// keeps the current certificate, and the next change retries it.
  bool changed();

 private:
  struct Version {
    std::array<std::uint64_t, 8> facts{};  ///< All zero without a file.
    bool operator==(const Version&) const = default;
  };
  static Version version_of(const std::filesystem::path& file);

  std::array<std::filesystem::path, 2> files_;
  std::array<Version, 2> seen_;
};

}  // namespace voicecast
