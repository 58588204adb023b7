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

/// What the HTTPS port shows to browsers.
struct ServerIdentity {
  std::string pem;     ///< Key and chain, for g_tls_certificate_new_from_pem(). It holds the key: not for any log.
  std::string ca_pem;  ///< Our own authority's certificate, for /ca.crt. Empty: the operator's certificate is used.
  TimePoint expires;
  std::vector<std::string> notices;  ///< What was done and why, one line each, for the log. Empty when nothing changed.
  bool is_authority_replaced = false;  ///< Whoever trusted the old one must do something.
};

/// Gives the certificate that a server without one makes for itself, from the files in `state_dir` if they still do,
/// else made anew. Call it at the start, and then every hour or so and when the addresses change: if `pem` has changed,
/// show the new one to new connections.
///
/// The directory is made (0700) if missing. In it, each replaced in one step (written aside, synced, renamed):
///   ca.pem      0600  our authority: key and certificate. The only file to back up.
///   ca.pem.old  0600  the last one that was replaced
///   ca.crt      0644  the authority's certificate alone, a copy for people
///   server.pem  0600  the server's key, certificate and chain
/// The server's certificate is replaced for any reason of why_renew(). The authority has been installed on people's
/// phones and is replaced only if it cannot be used at all (why_replace_ca()), by the one before if that can; a notice
/// says so and why. A file that
/// cannot be read for another reason, such as its permissions, is an error and stays as it is. If only server.pem
/// cannot be written, the new certificate is used all the same and a notice says so.
///
/// Any thread or process, several at a time (they wait for each other). Takes milliseconds and syncs to disk: call it
/// in the background. The error is one line that names the file.
Result<ServerIdentity> ensure_identity(const std::filesystem::path& state_dir, const Names& names, TimePoint now,
                                       bool is_clock_right = false);

/// Reads the operator's own certificate (its chain behind it) and key, both PEM, perhaps in one file. The error is one
/// line that names the file and says what to do: unreadable, broken, encrypted, not a pair, expired, not yet valid.
/// A notice warns when the end is near. Any thread; reads files.
Result<ServerIdentity> load_operator_certificate(const std::filesystem::path& certificate_file,
                                                 const std::filesystem::path& key_file, TimePoint now);

/// Notices when the operator replaces the files. Make it before they are read for the first time, so that no change
/// falls between. Any one thread.
class CertificateFiles {
 public:
  CertificateFiles(std::filesystem::path certificate_file, std::filesystem::path key_file);
  /// Whether a file is another, was written, came, went or has other permissions since the last call. Symbolic links
  /// are followed. When one file is replaced before the other, each is a change: a load that fails in between keeps
  /// what it has and is tried again at the next.
  bool changed();

 private:
  struct Version {
    std::array<std::uint64_t, 8> facts{};  ///< All zero for no file.
    bool operator==(const Version&) const = default;
  };
  static Version version_of(const std::filesystem::path& file);

  std::array<std::filesystem::path, 2> files_;
  std::array<Version, 2> seen_;
};

}  // namespace voicecast
