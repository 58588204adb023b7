// SPDX-License-Identifier: MIT
#pragma once

#include <string>

typedef struct x509_store_ctx_st X509_STORE_CTX;

namespace voicecast {

/// The expected certificate of one peer, and the reason for the refusal of another. Application data of the SSL.
struct PeerCheck {
  std::string fingerprint;  ///< of the peer's description, "sha-256 AB:CD:…" (RFC 8122 §5)
  std::string refusal;      ///< empty unless a certificate was refused
};

/// The verification of the peer's certificate for an SSL_CTX: its fingerprint is that of the description (RFC 8827
/// §6.5); issuer, names and dates have no meaning. sha-224 to sha-512 are accepted. Pure apart from the PeerCheck.
int check_peer_certificate(X509_STORE_CTX* verification, void*);

}  // namespace voicecast
