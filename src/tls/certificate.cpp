// SPDX-License-Identifier: MIT
#include "tls/certificate.hpp"

#include <sys/stat.h>

#include <utility>

#include "tls/local_ca.hpp"
#include "tls/secret_file.hpp"

namespace voicecast {
namespace {

namespace fs = std::filesystem;

constexpr int secret_mode = 0600;
constexpr int public_mode = 0644;

/// The text of the file, or nothing if it does not exist. Any other problem is an error: an unreadable file is not a
/// broken one, and must not be replaced.
Result<std::optional<std::string>> read_if_there(const fs::path& file, std::vector<std::string>& notices) {
  auto text = read_secret(file, notices);
  if (text) return std::optional(std::move(*text));
  if (text.error().code == ErrorCode::not_found) return std::optional<std::string>();
  return text.error();
}

Result<std::string> new_ca(const fs::path& dir, const Names& names, TimePoint now, std::vector<std::string>& notices) {
  auto pem = make_ca(names.host, now);
  if (!pem) return pem;
  const auto ca = read_certificates(*pem);
  if (!ca) return ca.error();
  // Without its file the authority would be replaced at the next start, so a certificate that cannot be stored is of no
  // use.
  if (const auto written = replace_file(dir / "ca.pem", *pem, secret_mode); !written) return written.error();
  notices.push_back("made a certificate authority for this server: " + (dir / "ca.crt").string() + ", until " +
                    date_text(end_of(ca->front())) + ", SHA-256 fingerprint " + sha256_of(ca->front()));
  return pem;
}

/// The time, and whether the clock is known to be right.
struct Clock {
  TimePoint now;
  bool is_right;
};

/// The authority that was replaced while the clock was ahead, if it is usable; else a new one.
Result<std::string> ca_instead_of(const std::optional<std::string>& former, const fs::path& dir, const Names& names,
                                  const Clock& clock, std::vector<std::string>& notices) {
  if (!former || why_replace_ca(*former, clock.now, true)) {
    notices.push_back("devices that trusted the old one must install the new one");
    return new_ca(dir, names, clock.now, notices);
  }
  if (const auto written = replace_file(dir / "ca.pem", *former, secret_mode); !written) return written.error();
  notices.push_back("the previous certificate authority is in use again");
  return *former;
}

/// The local authority with its key, PEM.
Result<std::string> ensure_ca(const fs::path& dir, const Names& names, const Clock& clock, ServerIdentity& identity) {
  auto& notices = identity.notices;
  const auto file = dir / "ca.pem", old_file = dir / "ca.pem.old";
  auto found = read_if_there(file, notices);
  if (!found) return found.error();
  if (!*found) return new_ca(dir, names, clock.now, notices);
  const auto reason = why_replace_ca(**found, clock.now, clock.is_right);
  if (!reason) return std::move(**found);
  const auto former = read_if_there(old_file, notices);
  if (const auto kept = replace_file(old_file, **found, secret_mode); !kept) return kept.error();
  identity.is_authority_replaced = true;
  notices.push_back("the certificate authority " + file.string() + " cannot be used any longer (" + *reason +
                    ") and is replaced; the old one is " + old_file.string());
  return ca_instead_of(clock.is_right && former ? *former : std::nullopt, dir, names, clock, notices);
}

/// The authority's certificate without the key, PEM; also written to ca.crt.
Result<std::string> publish_ca(const fs::path& dir, const std::string& ca_pem, std::vector<std::string>& notices) {
  auto certificates = read_certificates(ca_pem);
  if (!certificates) return certificates.error();
  auto text = write_certificates(*certificates);
  if (!text) return text;
  const auto file = dir / "ca.crt";
  if (const auto found = read_file(file); found && *found == *text) return text;
  if (const auto written = replace_file(file, *text, public_mode); !written) notices.push_back(written.error().message);
  return text;
}

/// The server's key and chain, PEM.
Result<std::string> ensure_server(const fs::path& dir, const std::string& ca_pem, const Names& names, TimePoint now,
                                  std::vector<std::string>& notices) {
  const auto file = dir / "server.pem";
  auto found = read_if_there(file, notices);
  if (!found) return found.error();
  const auto reason = *found ? why_renew(**found, ca_pem, names, now) : "it did not exist";
  if (!reason) return std::move(**found);
  auto pem = make_server_certificate(ca_pem, names, now);
  if (!pem) return pem;
  const auto written = replace_file(file, *pem, secret_mode);
  notices.push_back("made a certificate for this server: " + *reason);
  if (!written) notices.push_back(written.error().message + "; the certificate is used until the server stops");
  return pem;
}

Error with_advice(const Error& error, std::string_view advice) {
  return {error.code, error.message + "; " + std::string(advice)};
}

Error about(const fs::path& file, std::string_view what) {
  return {ErrorCode::failed, file.string() + ": " + std::string(what)};
}

Result<PrivateKey> read_operator_key(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) return with_advice(text.error(), "name the key and let this user read it");
  auto key = read_key(*text);
  if (!key)
    return with_advice(about(file, key.error().message),
                       "give the key as PEM without a password (openssl pkey -in OLD -out NEW)");
  return key;
}

Result<std::vector<Certificate>> read_operator_chain(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) return with_advice(text.error(), "name the certificate and let this user read it");
  auto chain = read_certificates(*text);
  if (!chain) return with_advice(about(file, chain.error().message), "give the certificate and then its chain as PEM");
  return chain;
}

std::optional<Error> wrong_time(const fs::path& file, const Certificate& certificate, TimePoint now) {
  const auto begin = begin_of(certificate), end = end_of(certificate);
  if (now >= end) return about(file, "the certificate expired on " + date_text(end) + "; renew it");
  if (now < begin)
    return about(file, "the certificate is not valid before " + date_text(begin) + "; is the clock right?");
  return std::nullopt;
}

}  // namespace

Result<ServerIdentity> ensure_identity(const fs::path& state_dir, const Names& names, TimePoint now,
                                       bool is_clock_right) {
  if (const auto made = make_directory(state_dir); !made) return made.error();
  const DirectoryLock lock(state_dir);
  ServerIdentity identity;
  const auto ca = ensure_ca(state_dir, names, {now, is_clock_right}, identity);
  if (!ca) return ca.error();
  auto ca_pem = publish_ca(state_dir, *ca, identity.notices);
  if (!ca_pem) return ca_pem.error();
  auto pem = ensure_server(state_dir, *ca, names, now, identity.notices);
  if (!pem) return pem.error();
  const auto chain = read_certificates(*pem);
  if (!chain) return chain.error();
  identity.pem = std::move(*pem);
  identity.ca_pem = std::move(*ca_pem);
  identity.expires = end_of(chain->front());
  return identity;
}

Result<ServerIdentity> load_operator_certificate(const fs::path& certificate_file, const fs::path& key_file,
                                                 TimePoint now) {
  const auto chain = read_operator_chain(certificate_file);
  if (!chain) return chain.error();
  const auto key = read_operator_key(key_file);
  if (!key) return key.error();
  const auto& certificate = chain->front();
  if (!is_pair(*key, certificate))
    return about(key_file, "the key does not belong to the first certificate in " + certificate_file.string() +
                               "; name the two that were made together, the server's own certificate first");
  if (auto error = wrong_time(certificate_file, certificate, now)) return *error;
  const auto key_pem = write_key(*key), chain_pem = write_certificates(*chain);
  if (!key_pem) return key_pem.error();
  if (!chain_pem) return chain_pem.error();
  ServerIdentity identity{.pem = *key_pem + *chain_pem, .ca_pem = {}, .expires = end_of(certificate), .notices = {}};
  if (now + renewal_window >= identity.expires)
    identity.notices.push_back(certificate_file.string() + ": the certificate expires on " +
                               date_text(identity.expires) + "; renew it in time");
  return identity;
}

CertificateFiles::CertificateFiles(fs::path certificate_file, fs::path key_file)
    : files_{std::move(certificate_file), std::move(key_file)}, seen_{version_of(files_[0]), version_of(files_[1])} {}

bool CertificateFiles::changed() {
  const std::array now = {version_of(files_[0]), version_of(files_[1])};
  return std::exchange(seen_, now) != now;
}

CertificateFiles::Version CertificateFiles::version_of(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return {};
  const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
  return {{number(status.st_dev), number(status.st_ino), number(status.st_mode), number(status.st_size),
           number(status.st_mtim.tv_sec), number(status.st_mtim.tv_nsec), number(status.st_ctim.tv_sec),
           number(status.st_ctim.tv_nsec)}};
}

}  // namespace voicecast
