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

template <auto Deinit>
struct FreeBy {
  template <class T>
  void operator()(T* p) const {
    Deinit(p);
  }
};
using Certificate = std::unique_ptr<gnutls_x509_crt_int, FreeBy<gnutls_x509_crt_deinit>>;
using PrivateKey = std::unique_ptr<gnutls_x509_privkey_int, FreeBy<gnutls_x509_privkey_deinit>>;

/// A private key and its certificate, with what vouches for it behind it. One PEM text carries all: so key and
/// certificate can be replaced in one step, and g_tls_certificate_new_from_pem() takes it as it is.
struct KeyAndChain {
  PrivateKey key;
  std::vector<Certificate> chain;  ///< Never empty; in order.
};

// All of these are pure, and may run on any thread, as GnuTLS may with a handle per thread.

/// `doing` in words, then GnuTLS's own words for its code.
Error gnutls_error(int code, std::string_view doing);
/// The first code that is an error, or 0: braces keep the calls in order.
int first_error(std::initializer_list<int> codes);

/// The certificates in the text, each vouched for by the next; the first stays first. Whatever else is in there is
/// passed over.
Result<std::vector<Certificate>> read_certificates(std::string_view pem);
/// The first private key in the text: PKCS #8, or the older forms for RSA and EC. An encrypted one is an error.
Result<PrivateKey> read_key(std::string_view pem);
Result<KeyAndChain> read_key_and_chain(std::string_view pem);
/// Whether the private key is that of the certificate's public key.
bool is_pair(const PrivateKey& key, const Certificate& certificate);

Result<std::string> write_key(const PrivateKey& key);
Result<std::string> write_certificates(const std::vector<Certificate>& certificates);

/// The names and IP addresses that it is for (RFC 5280 §4.2.1.6): "pi.local", "192.168.1.5".
std::vector<std::string> names_in(const Certificate& certificate);

TimePoint begin_of(const Certificate& certificate);
TimePoint end_of(const Certificate& certificate);
/// "AB:CD:…" over the certificate, as browsers and phones show it.
std::string sha256_of(const Certificate& certificate);
/// "2031-05-04", in UTC.
std::string date_text(TimePoint time);

}  // namespace voicecast
