// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

namespace voicecast {

/// The certificate and the settings that all DTLS sessions of the process share. DTLS 1.2 (RFC 6347) without resumption
/// or renegotiation, with SRTP_AES128_CM_HMAC_SHA1_80 (RFC 5764 §4.1.2). Immutable; main thread.
class DtlsContext {
 public:
  /// `certificate_and_key_pem` holds the certificate and its private key, as from make_peer_certificate(). Fails if it
  /// lacks one of them or if they do not belong together.
  static Result<std::shared_ptr<const DtlsContext>> create(const std::string& certificate_and_key_pem);

  /// The certificate's fingerprint for descriptions, "sha-256 AB:CD:…" (RFC 8122 §5).
  const std::string& fingerprint() const { return fingerprint_; }
  SSL_CTX* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* p) const;
  };
  using Handle = std::unique_ptr<SSL_CTX, Free>;
  DtlsContext(Handle context, std::string fingerprint);

  Handle context_;
  std::string fingerprint_;
};

}  // namespace voicecast
