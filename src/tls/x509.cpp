// SPDX-License-Identifier: MIT
#include "tls/x509.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "base/address.hpp"

namespace voicecast {
namespace {

/// Moves a text in GnuTLS's memory (to be freed with gnutls_free) into a string.
std::string take(gnutls_datum_t& datum) {
  std::string text(reinterpret_cast<const char*>(datum.data), datum.size);
  gnutls_memset(datum.data, 0, datum.size);  // it may be a key
  gnutls_free(datum.data);
  return text;
}

gnutls_datum_t lend(std::string_view text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

using KeyId = std::array<unsigned char, 32>;

template <auto GetKeyId, class Handle>
std::optional<KeyId> key_id(Handle* handle) {
  KeyId id;
  std::size_t size = id.size();
  if (GetKeyId(handle, GNUTLS_KEYID_USE_SHA256, id.data(), &size) < 0 || size != id.size()) return std::nullopt;
  return id;
}

/// A certificate without expiry has the year 9999 (RFC 5280 §4.1.2.5), but a TimePoint in nanoseconds ends in 2262.
TimePoint time_point(std::time_t time) {
  using Seconds = std::chrono::sys_seconds;
  constexpr Seconds first = std::chrono::sys_days{std::chrono::year{1700} / 1 / 1};
  constexpr Seconds last = std::chrono::sys_days{std::chrono::year{2200} / 1 / 1};
  return std::clamp(Seconds(std::chrono::seconds(time)), first, last);
}

}  // namespace

Error gnutls_error(int code, std::string_view doing) {
  std::string_view words = gnutls_strerror(code);
  if (words.ends_with('.')) words.remove_suffix(1);
  return {ErrorCode::failed, std::string(doing) + ": " + std::string(words)};
}

int first_error(std::initializer_list<int> codes) {
  for (const int code : codes)
    if (code < 0) return code;
  return 0;
}

Result<std::vector<Certificate>> read_certificates(std::string_view pem) {
  const auto text = lend(pem);
  gnutls_x509_crt_t* raw = nullptr;
  unsigned count = 0;
  const int code = gnutls_x509_crt_list_import2(&raw, &count, &text, GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_SORT);
  if (code == GNUTLS_E_UNIMPLEMENTED_FEATURE)  // sorting more than 16, in 3.7.9
    return Error{ErrorCode::failed, "too many certificates for a chain"};
  if (code < 0) return gnutls_error(code, "no certificate in PEM form");
  std::vector<Certificate> certificates(raw, raw + count);
  gnutls_free(raw);
  if (certificates.empty()) return Error{ErrorCode::failed, "no certificate in PEM form"};
  return certificates;
}

Result<PrivateKey> read_key(std::string_view pem) {
  gnutls_x509_privkey_t raw = nullptr;
  if (const int code = gnutls_x509_privkey_init(&raw)) return gnutls_error(code, "cannot read the private key");
  PrivateKey key(raw);
  const auto text = lend(pem);
  const int code = gnutls_x509_privkey_import2(raw, &text, GNUTLS_X509_FMT_PEM, nullptr, 0);
  if (code == GNUTLS_E_DECRYPTION_FAILED) return Error{ErrorCode::failed, "the private key is encrypted"};
  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) return Error{ErrorCode::failed, "no private key in PEM form"};
  if (code < 0) return gnutls_error(code, "the private key is broken");
  return key;
}

Result<KeyAndChain> read_key_and_chain(std::string_view pem) {
  auto key = read_key(pem);
  if (!key) return key.error();
  auto chain = read_certificates(pem);
  if (!chain) return chain.error();
  if (!is_pair(*key, chain->front())) return Error{ErrorCode::failed, "the key does not belong to the certificate"};
  return KeyAndChain{std::move(*key), std::move(*chain)};
}

bool is_pair(const PrivateKey& key, const Certificate& certificate) {
  const auto id = key_id<gnutls_x509_privkey_get_key_id>(key.get());
  return id && id == key_id<gnutls_x509_crt_get_key_id>(certificate.get());
}

Result<std::string> write_key(const PrivateKey& key) {
  gnutls_datum_t pem{};
  const int code = gnutls_x509_privkey_export2_pkcs8(key.get(), GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &pem);
  if (code < 0) return gnutls_error(code, "cannot write the private key");
  return take(pem);
}

Result<std::string> write_certificates(const std::vector<Certificate>& certificates) {
  std::string text;
  for (const auto& certificate : certificates) {
    gnutls_datum_t pem{};
    const int code = gnutls_x509_crt_export2(certificate.get(), GNUTLS_X509_FMT_PEM, &pem);
    if (code < 0) return gnutls_error(code, "cannot write the certificate");
    text += take(pem);
  }
  return text;
}

std::vector<std::string> names_in(const Certificate& certificate) {
  constexpr std::size_t longest = 256;  // DNS allows 253
  std::vector<std::string> names;
  for (unsigned i = 0;; ++i) {
    std::array<char, longest> name{};
    std::size_t size = name.size();
    const int type = gnutls_x509_crt_get_subject_alt_name(certificate.get(), i, name.data(), &size, nullptr);
    if (type < 0 && type != GNUTLS_E_SHORT_MEMORY_BUFFER) return names;
    if (type == GNUTLS_SAN_DNSNAME) names.emplace_back(name.data(), size);
    if (type == GNUTLS_SAN_IPADDRESS && (size == 4 || size == 16))
      names.push_back(address_text({name.data(), name.data() + size}));
  }
}

TimePoint begin_of(const Certificate& certificate) {
  return time_point(gnutls_x509_crt_get_activation_time(certificate.get()));
}

TimePoint end_of(const Certificate& certificate) {
  return time_point(gnutls_x509_crt_get_expiration_time(certificate.get()));
}

std::string sha256_of(const Certificate& certificate) {
  std::array<unsigned char, 32> hash{};
  std::size_t size = hash.size();
  if (gnutls_x509_crt_get_fingerprint(certificate.get(), GNUTLS_DIG_SHA256, hash.data(), &size) < 0) return {};
  std::string text;
  for (const unsigned char byte : hash) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (!text.empty()) text += ':';
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string date_text(TimePoint time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int(day.year()), unsigned(day.month()),
                unsigned(day.day()));
  return text.data();
}

}  // namespace voicecast
