// SPDX-License-Identifier: MIT
#include "tls/local_ca.hpp"

#include <gnutls/crypto.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/address.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr days ca_life{3652};
/// Apple rejects server certificates of more than 825 days, also below an authority that the user installed
/// (support.apple.com/HT210176). The CA/Browser Forum's Baseline Requirements 2.0 §6.3.2 allow 397 for public
/// authorities; within that, browsers treat the certificate no worse. The last second counts.
constexpr auto server_life = days(397) - 1s;
/// Longer than a server runs: peers compare the fingerprint only.
constexpr days peer_life{36525};
/// A phone's clock may be behind.
constexpr days backdating{1};

/// RFC 5280 appendix A, ub-common-name; in characters, here in bytes.
constexpr std::size_t max_common_name = 64;

std::time_t seconds_of(TimePoint time) {
  using std::chrono::system_clock;
  // A 32-bit time_t, as in Debian 12 for armhf, ends in 2038; GnuTLS takes no other.
  if constexpr (sizeof(std::time_t) < sizeof(std::int64_t))
    time = std::min(time, system_clock::from_time_t(std::numeric_limits<std::time_t>::max()));
  return system_clock::to_time_t(time);
}

/// A clock before the authority's begin is wrong: a Raspberry Pi has no clock that runs without power. Until it is set,
/// the authority's first day is the best estimate.
TimePoint at_least_begin(const Certificate& ca, TimePoint now) { return std::max(now, begin_of(ca)); }

Result<PrivateKey> new_key() {
  gnutls_x509_privkey_t raw = nullptr;
  if (const int code = gnutls_x509_privkey_init(&raw)) return gnutls_error(code, "cannot make a key");
  PrivateKey key(raw);
  const int code =
      gnutls_x509_privkey_generate(raw, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (code < 0) return gnutls_error(code, "cannot make a key");
  return key;
}

Result<Certificate> new_certificate() {
  gnutls_x509_crt_t raw = nullptr;
  if (const int code = gnutls_x509_crt_init(&raw)) return gnutls_error(code, "cannot make a certificate");
  return Certificate(raw);
}

/// RFC 5280 §4.1.2.2: positive, at most 20 octets. Random, so that a new authority of the same name never repeats a
/// serial number, which Firefox rejects (SEC_ERROR_REUSED_ISSUER_AND_SERIAL).
int set_serial(gnutls_x509_crt_t certificate) {
  std::array<unsigned char, 16> serial{};
  if (const int code = gnutls_rnd(GNUTLS_RND_NONCE, serial.data(), serial.size())) return code;
  serial[0] = (serial[0] & 0x7f) | 0x40;
  return gnutls_x509_crt_set_serial(certificate, serial.data(), serial.size());
}

/// RFC 5280 §4.2.1.2, method 1.
int set_subject_key_id(gnutls_x509_crt_t certificate) {
  std::array<unsigned char, 20> id{};
  std::size_t size = id.size();
  const int code = gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA1, id.data(), &size);
  return code < 0 ? code : gnutls_x509_crt_set_subject_key_id(certificate, id.data(), size);
}

int set_authority_key_id(gnutls_x509_crt_t certificate, const Certificate& ca) {
  std::array<unsigned char, 64> id{};
  std::size_t size = id.size();
  const int code = gnutls_x509_crt_get_subject_key_id(ca.get(), id.data(), &size, nullptr);
  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) return 0;  // not made by this program
  return code < 0 ? code : gnutls_x509_crt_set_authority_key_id(certificate, id.data(), size);
}

/// The fields of every certificate: version, serial, key, name, validity.
int set_basics(gnutls_x509_crt_t certificate, const PrivateKey& key, std::string_view name, TimePoint begin,
               TimePoint end) {
  return first_error({
      gnutls_x509_crt_set_version(certificate, 3),
      set_serial(certificate),
      gnutls_x509_crt_set_key(certificate, key.get()),
      gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name.data(),
                                    static_cast<unsigned>(name.size())),
      gnutls_x509_crt_set_activation_time(certificate, seconds_of(begin)),
      gnutls_x509_crt_set_expiration_time(certificate, seconds_of(end)),
      set_subject_key_id(certificate),
  });
}

int add_name(gnutls_x509_crt_t certificate, gnutls_x509_subject_alt_name_t type, const void* data, std::size_t size) {
  return gnutls_x509_crt_set_subject_alt_name(certificate, type, data, static_cast<unsigned>(size), GNUTLS_FSAN_APPEND);
}

int set_names(gnutls_x509_crt_t certificate, const Names& names) {
  for (const auto& name : names.dns)
    if (const int code = add_name(certificate, GNUTLS_SAN_DNSNAME, name.data(), name.size()); code < 0) return code;
  for (const auto& address : names.addresses) {
    const auto bytes = parse_address(address);
    if (!bytes) return GNUTLS_E_INVALID_REQUEST;
    if (const int code = add_name(certificate, GNUTLS_SAN_IPADDRESS, bytes->data(), bytes->size()); code < 0)
      return code;
  }
  return 0;
}

/// A host name as part of a common name, reduced to printable ASCII.
std::string plain(std::string_view name, std::size_t max_bytes) {
  std::string result;
  std::copy_if(name.begin(), name.end(), std::back_inserter(result), [](char c) { return g_ascii_isprint(c); });
  return result.empty() ? "localhost" : result.substr(0, max_bytes);
}

Result<std::string> write_all(const PrivateKey& key, const std::vector<Certificate>& chain) {
  auto text = write_key(key);
  if (!text) return text;
  const auto certificates = write_certificates(chain);
  if (!certificates) return certificates.error();
  return *text + *certificates;
}

std::optional<std::string> why_no_ca(const KeyAndChain& ca) {
  unsigned critical = 0, usage = 0;
  if (gnutls_x509_crt_get_ca_status(ca.chain.front().get(), &critical) <= 0) return "it is not an authority";
  if (gnutls_x509_crt_get_key_usage(ca.chain.front().get(), &usage, &critical) == 0 &&
      !(usage & GNUTLS_KEY_KEY_CERT_SIGN))
    return "its key may not sign certificates";
  return std::nullopt;
}

bool is_signed_by(const Certificate& certificate, const Certificate& ca) {
  const std::array issuers = {ca.get()};
  unsigned status = 0;
  // The caller checks the validity with its own clock.
  const int code = gnutls_x509_crt_verify(certificate.get(), issuers.data(), issuers.size(),
                                          GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status);
  return code == 0 && status == 0;
}

std::optional<std::string> first_not_covered(const Certificate& certificate, const Names& names) {
  const auto covers = [&](const std::string& name) {
    return gnutls_x509_crt_check_hostname2(certificate.get(), name.c_str(), GNUTLS_VERIFY_DO_NOT_ALLOW_WILDCARDS) != 0;
  };
  for (const auto* list : {&names.dns, &names.addresses}) {
    const auto missing = std::find_if_not(list->begin(), list->end(), covers);
    if (missing != list->end()) return *missing;
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> make_ca(std::string_view host_name, TimePoint now) {
  constexpr std::string_view before = "voicecast local CA (", after = ")";
  const auto name =
      std::string(before) + plain(host_name, max_common_name - before.size() - after.size()) + std::string(after);
  const auto key = new_key();
  if (!key) return key.error();
  auto ca = new_certificate();
  if (!ca) return ca.error();
  const auto raw = ca->get();
  const int code = first_error({
      set_basics(raw, *key, name, now - backdating, now + ca_life),
      gnutls_x509_crt_set_basic_constraints(raw, 1, 0),
      gnutls_x509_crt_set_key_usage(raw, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
      gnutls_x509_crt_sign2(raw, raw, key->get(), GNUTLS_DIG_SHA256, 0),
  });
  if (code < 0) return gnutls_error(code, "cannot make the local certificate authority");
  std::vector<Certificate> chain;
  chain.push_back(std::move(*ca));
  return write_all(*key, chain);
}

Result<std::string> make_server_certificate(std::string_view ca_pem, const Names& names, TimePoint now) {
  auto ca = read_key_and_chain(ca_pem);
  if (!ca) return ca.error();
  const auto& issuer = ca->chain.front();
  const auto begin = at_least_begin(issuer, at_least_begin(issuer, now) - backdating);
  const auto key = new_key();
  if (!key) return key.error();
  auto server = new_certificate();
  if (!server) return server.error();
  const auto raw = server->get();
  const int code = first_error({
      set_basics(raw, *key, plain(names.host, max_common_name), begin, std::min(begin + server_life, end_of(issuer))),
      set_names(raw, names),
      gnutls_x509_crt_set_basic_constraints(raw, 0, -1),
      gnutls_x509_crt_set_key_usage(raw, GNUTLS_KEY_DIGITAL_SIGNATURE),
      gnutls_x509_crt_set_key_purpose_oid(raw, GNUTLS_KP_TLS_WWW_SERVER, 0),  // required by Apple
      set_authority_key_id(raw, issuer),
      gnutls_x509_crt_sign2(raw, issuer.get(), ca->key.get(), GNUTLS_DIG_SHA256, 0),
  });
  if (code < 0) return gnutls_error(code, "cannot make the server's certificate");
  ca->chain.insert(ca->chain.begin(), std::move(*server));
  return write_all(*key, ca->chain);
}

Result<std::string> make_peer_certificate(TimePoint now) {
  const auto key = new_key();
  if (!key) return key.error();
  auto certificate = new_certificate();
  if (!certificate) return certificate.error();
  const auto raw = certificate->get();
  const int code = first_error({
      set_basics(raw, *key, "voicecast", now - backdating, now + peer_life),
      gnutls_x509_crt_sign2(raw, raw, key->get(), GNUTLS_DIG_SHA256, 0),
  });
  if (code < 0) return gnutls_error(code, "cannot make the certificate for DTLS");
  std::vector<Certificate> chain;
  chain.push_back(std::move(*certificate));
  const auto first = write_certificates(chain), second = write_key(*key);
  if (!first) return first.error();
  if (!second) return second.error();
  return *first + *second;
}

std::optional<std::string> why_replace_ca(std::string_view ca_pem, TimePoint now, bool is_clock_right) {
  const auto ca = read_key_and_chain(ca_pem);
  if (!ca) return ca.error().message;
  if (const auto reason = why_no_ca(*ca)) return reason;
  const auto begin = begin_of(ca->chain.front()), end = end_of(ca->chain.front());
  if (is_clock_right && now < begin)
    return "it is valid from " + date_text(begin) + " only: the clock was ahead when it was made";
  if (now + renewal_window >= end) return "it ends on " + date_text(end);
  return std::nullopt;
}

std::optional<std::string> why_renew(std::string_view server_pem, std::string_view ca_pem, const Names& names,
                                     TimePoint now, std::chrono::seconds window) {
  const auto ca = read_key_and_chain(ca_pem);
  if (!ca) return ca.error().message;
  const auto server = read_key_and_chain(server_pem);
  if (!server) return server.error().message;
  const auto& issuer = ca->chain.front();
  const auto& certificate = server->chain.front();
  const auto at = at_least_begin(issuer, now);
  if (server->chain.size() < 2 || !is_signed_by(certificate, issuer)) return "it is not signed by the local authority";
  if (at < begin_of(certificate)) return "it is valid from " + date_text(begin_of(certificate)) + " only";
  if (at + window >= end_of(certificate)) return "it ends on " + date_text(end_of(certificate));
  if (const auto name = first_not_covered(certificate, names)) return "it does not cover " + *name;
  return std::nullopt;
}

}  // namespace voicecast
