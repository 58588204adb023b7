// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace voicecast {

/// The fingerprint of the first certificate in the PEM text, in SDP's form "sha-256 AB:CD:…" (RFC 8122 §5). `hash` is
/// "sha-256", "sha-384" or "sha-512". Empty for another hash, as sha-1, or without a certificate. Pure.
std::string fingerprint_of(std::string_view certificate_pem, std::string_view hash);

/// Whether the certificate (PEM) has this fingerprint ("sha-256 AB:CD:…", RFC 8122). Pure.
bool has_fingerprint(std::string_view certificate_pem, std::string_view fingerprint);

}  // namespace voicecast
