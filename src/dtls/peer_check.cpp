// SPDX-License-Identifier: MIT
#include "dtls/peer_check.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace voicecast {
namespace {

using Hash = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const EVP_MD* hash_function(std::string_view name) {
  if (name == "sha-224") return EVP_sha224();
  if (name == "sha-256") return EVP_sha256();
  if (name == "sha-384") return EVP_sha384();
  if (name == "sha-512") return EVP_sha512();
  return nullptr;
}

/// Whether `hex`, with colons, is the hash's value.
bool is_hex_of(const std::string& hex, const Hash& hash, std::size_t size) {
  Hash expected{};
  std::size_t expected_size = 0;
  return OPENSSL_hexstr2buf_ex(expected.data(), expected.size(), &expected_size, hex.c_str(), ':') == 1 &&
         expected_size == size && std::equal(hash.begin(), hash.begin() + size, expected.begin());
}

/// Why the certificate is not that of the description; empty if it is.
std::string why_refuse(const X509* certificate, const std::string& fingerprint) {
  const auto space = std::min(fingerprint.find(' '), fingerprint.size());
  const auto name = fingerprint.substr(0, space);
  const auto* function = hash_function(name);
  if (!function)
    return "the hash of the description's a=fingerprint (" + name + ") is not accepted: use sha-256 or a longer one";
  Hash hash{};
  unsigned size = 0;
  if (X509_digest(certificate, function, hash.data(), &size) == 1 && space < fingerprint.size() &&
      is_hex_of(fingerprint.substr(space + 1), hash, size))
    return {};
  return "the DTLS certificate is not the one of the description's a=fingerprint";
}

}  // namespace

int check_peer_certificate(X509_STORE_CTX* verification, void*) {
  const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& check = *static_cast<PeerCheck*>(SSL_get_app_data(ssl));
  check.refusal = why_refuse(X509_STORE_CTX_get0_cert(verification), check.fingerprint);
  if (check.refusal.empty()) return 1;
  X509_STORE_CTX_set_error(verification, X509_V_ERR_CERT_REJECTED);  // alert bad_certificate (RFC 8122 §6.2)
  return 0;
}

}  // namespace voicecast
