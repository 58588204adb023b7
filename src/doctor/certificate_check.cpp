// SPDX-License-Identifier: MIT
#include "doctor/certificate_check.hpp"

#include <algorithm>

#include "access/names.hpp"
#include "base/address.hpp"
#include "tls/local_ca.hpp"

namespace voicecast {
namespace {

constexpr const char* subject = "certificate";

/// Time to act, for an operator with a weekly routine.
constexpr std::chrono::days soon{14};

/// Keeps the line readable.
constexpr std::size_t max_shown_names = 4;

std::string shown(std::vector<std::string> names) {
  if (names.empty()) return "no name";
  if (names.size() > max_shown_names) {
    const auto others = names.size() - max_shown_names;
    names.resize(max_shown_names);
    names.push_back(std::to_string(others) + " more");
  }
  return list_of(names);
}

// The server's own certificate

bool is_missing(const StateFile& file) { return file.error && file.error->code == ErrorCode::not_found; }

Finding check_state(const DirectoryFacts& state, bool must_write) {
  if (state.error.empty()) return ok("state", state.path.string() + (state.exists ? "" : ", created by the server"));
  const auto words =
      state.path.string() + (state.exists ? " cannot be written: " : " cannot be created: ") + state.error;
  const auto advice = advice_for(state) + " Or set --state-dir.";
  return must_write ? problem("state", words, advice) : warning("state", words, advice);
}

/// An unreadable file is an error for the server, too.
std::optional<Finding> check_readable(const OwnCertificate& own) {
  for (const auto* file : {&own.authority, &own.server})
    if (file->error && !is_missing(*file)) return problem(subject, file->error->message, advice_for(own.state));
  return std::nullopt;
}

Finding warn_of_open_key(const DirectoryFacts& state) {
  const auto authority = (state.path / "ca.pem").string();
  return warning(
      subject, "other users may read its private key",
      "The server removes their permissions when it starts. A reader of the key can impersonate this server: if that "
      "is a risk, delete " +
          authority + ", and install the new authority on devices.");
}

/// The finding on a missing or invalid authority; nothing for a valid one.
std::optional<Finding> check_authority(const StateFile& authority, TimePoint now) {
  if (is_missing(authority)) return ok(subject, "generated when the server starts");
  if (const auto reason = why_replace_ca(authority.text, now))
    return warning(subject, "the authority is no longer valid: " + *reason,
                   "The server generates a new one when it starts. Install /ca.crt again on devices that trust the old "
                   "one.");
  const auto begin = begin_of(read_certificates(authority.text)->front());
  if (now >= begin) return std::nullopt;
  return warning(subject, "the authority is not valid before " + date_text(begin), "Set the clock: it is behind.");
}

Finding check_server(const OwnCertificate& own, const Names& names, TimePoint now) {
  if (is_missing(own.server)) return ok(subject, "generated from its authority when the server starts");
  if (const auto reason = why_renew(own.server.text, own.authority.text, names, now))
    return ok(subject, "renewed by the server: " + *reason);
  const auto end = end_of(read_certificates(own.server.text)->front());
  auto known_by = names.addresses;
  std::erase_if(known_by, is_loopback);
  known_by.insert(known_by.begin(), names.host);
  return ok(subject, "the server's own, until " + date_text(end) + ", for " + shown(known_by));
}

Findings check_own(const OwnCertificate& own, const Names& names, TimePoint now) {
  if (const auto unreadable = check_readable(own)) return {*unreadable};
  const bool must_write = is_missing(own.authority) || why_replace_ca(own.authority.text, now);
  const auto unfit = check_authority(own.authority, now);
  Findings findings{check_state(own.state, must_write), unfit ? *unfit : check_server(own, names, now)};
  if (own.authority.is_open || own.server.is_open) findings.push_back(warn_of_open_key(own.state));
  return findings;
}

// The operator's certificate

/// Whether all names are addresses of other machines. A host name may be any machine's.
bool is_for_another_machine(const std::vector<std::string>& names, const Names& ours) {
  return !names.empty() && std::ranges::all_of(names, [&](const std::string& name) {
    return parse_address(name) && std::ranges::find(ours.addresses, name) == ours.addresses.end();
  });
}

Finding check_use(const OperatorCertificate& certificate, const Names& ours, TimePoint now) {
  if (!certificate.error.empty()) {
    const auto [words, advice] = words_and_advice(certificate.error);
    return problem(subject, words, advice);
  }
  const auto words = certificate.certificate_file.string() + ", for " + shown(certificate.names) + ", until " +
                     date_text(certificate.expires);
  if (now + soon >= certificate.expires)
    return warning(subject, words, "It expires soon: renew it. The server reloads the files when they change.");
  if (is_for_another_machine(certificate.names, ours))
    return warning(
        subject, words,
        "This machine has none of these addresses, and browsers will reject the certificate: renew it for the "
        "current address.");
  return ok(subject, words);
}

Findings check_operators(const OperatorCertificate& certificate, const Names& ours, TimePoint now) {
  Findings findings{check_use(certificate, ours, now)};
  if (certificate.is_key_open)
    findings.push_back(
        warning(subject, certificate.key_file.string() + " is readable by every user of this machine",
                "chmod 640 " + certificate.key_file.string() + ", with the server's user in its group."));
  return findings;
}

}  // namespace

Findings check_certificate(const CertificateFacts& facts) {
  switch (facts.mode) {
    case TlsMode::off:
      return {ok(subject, "none (--tls off): browsers allow the microphone to pages of this machine only")};
    case TlsMode::files:
      return check_operators(facts.operators, facts.names, facts.now);
    case TlsMode::automatic:
      break;
  }
  return check_own(facts.own, facts.names, facts.now);
}

}  // namespace voicecast
