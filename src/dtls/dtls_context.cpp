// SPDX-License-Identifier: MIT
#include "dtls/dtls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <utility>

#include "base/ptr.hpp"
#include "dtls/peer_check.hpp"
#include "sdp/fingerprint.hpp"

namespace voicecast {
namespace {

using Bio = std::unique_ptr<BIO, FreeBy<BIO_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;

/// Only those with forward secrecy and AES-GCM, whose records RecordOpener opens: RFC 8827 §6.5 requires the first,
/// which every WebRTC client has. The peer's certificate may be RSA.
constexpr auto ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384";

/// Those that cost little; every WebRTC client has one.
constexpr auto groups = "X25519:P-256:P-384";

/// The profile of srtp.hpp, which every WebRTC client has (RFC 8827 §6.5).
constexpr auto srtp_profiles = "SRTP_AES128_CM_SHA1_80";

/// A peer's self-signed certificate has 300 bytes to 2 kB; there is room for the issuers of another. libssl reads each
/// certificate of the message, for 0.3 to 0.5 ms on the main thread: 16 kB of small ones cost 20 ms, a usual handshake
/// 1. libssl's own limit is 100 kB.
constexpr long max_certificates_bytes = 4096;

Bio reader_of(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

/// No password: without this function libcrypto asks the terminal for the one of an encrypted key.
int no_password(char*, int, int, void*) { return -1; }

bool use_certificate(SSL_CTX* context, const std::string& pem) {
  const auto certificates = reader_of(pem), keys = reader_of(pem);
  const Certificate certificate(PEM_read_bio_X509(certificates.get(), nullptr, no_password, nullptr));
  const Key key(PEM_read_bio_PrivateKey(keys.get(), nullptr, no_password, nullptr));
  return certificate && key && SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
}

/// SSL_CTX_set_tlsext_use_srtp gives 0 for success.
bool use_settings(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_QUERY_MTU);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, max_certificates_bytes);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, check_peer_certificate, nullptr);
  return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, ciphers) == 1 && SSL_CTX_set1_groups_list(context, groups) == 1 &&
         SSL_CTX_set_tlsext_use_srtp(context, srtp_profiles) == 0;
}

}  // namespace

void DtlsContext::Free::operator()(SSL_CTX* p) const { SSL_CTX_free(p); }

Result<std::shared_ptr<const DtlsContext>> DtlsContext::create(const std::string& certificate_and_key_pem) {
  ERR_clear_error();
  Handle context(SSL_CTX_new(DTLS_method()));
  if (!context || !use_settings(context.get()))
    return Error{ErrorCode::failed, "libssl lacks what DTLS for WebRTC needs (is it restricted by openssl.cnf?)"};
  if (!use_certificate(context.get(), certificate_and_key_pem)) {
    ERR_clear_error();
    return Error{ErrorCode::failed, "the certificate for DTLS is unusable: expected a certificate and its key in PEM"};
  }
  return std::shared_ptr<const DtlsContext>(
      new DtlsContext(std::move(context), fingerprint_of(certificate_and_key_pem, "sha-256")));
}

DtlsContext::DtlsContext(Handle context, std::string fingerprint)
    : context_(std::move(context)), fingerprint_(std::move(fingerprint)) {}

}  // namespace voicecast
