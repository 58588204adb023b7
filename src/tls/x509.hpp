// SPDX-License-Identifier: MIT
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

using TimePoint = std::chrono::system_clock::time_point;

using Certificate = std::unique_ptr<gnutls_x509_crt_int, FreeBy<gnutls_x509_crt_deinit>>;
using PrivateKey = std::unique_ptr<gnutls_x509_privkey_int, FreeBy<gnutls_x509_privkey_deinit>>;

/// A private key and its certificate, followed by its issuers. One PEM text carries all, so that key and certificate
/// are replaced atomically, and g_tls_certificate_new_from_pem() reads it directly.
struct KeyAndChain {
  PrivateKey key;
  std::vector<Certificate> chain;  ///< Never empty; in order.
};

// The functions below are pure. Any thread; a handle belongs to one thread at a time.

/// An Error of `doing` (as in "cannot read the key") and GnuTLS's text for `code`.
Error gnutls_error(int code, std::string_view doing);
/// The first negative code, or 0. A braced list evaluates the calls in order.
int first_error(std::initializer_list<int> codes);

/// Parses the certificates of a PEM text, sorted so that each is followed by its issuer; the first stays first. Ignores
/// other content. Fails without a certificate.
Result<std::vector<Certificate>> read_certificates(std::string_view pem);
/// Parses the first private key of a PEM text: PKCS #8, or the older forms for RSA and EC. Fails on an encrypted one.
Result<PrivateKey> read_key(std::string_view pem);
/// Parses a key and a chain from one PEM text. Fails if they do not belong together.
Result<KeyAndChain> read_key_and_chain(std::string_view pem);
/// Whether the private key matches the certificate's public key.
bool is_pair(const PrivateKey& key, const Certificate& certificate);

Result<std::string> write_key(const PrivateKey& key);
Result<std::string> write_certificates(const std::vector<Certificate>& certificates);

/// The subject alternative names (RFC 5280 §4.2.1.6): "pi.local", "192.168.1.5".
std::vector<std::string> names_in(const Certificate& certificate);

TimePoint begin_of(const Certificate& certificate);
TimePoint end_of(const Certificate& certificate);
/// The SHA-256 fingerprint "AB:CD:…", as browsers and phones show it.
std::string sha256_of(const Certificate& certificate);
/// "2031-05-04", in UTC.
std::string date_text(TimePoint time);

}  // namespace voicecast
