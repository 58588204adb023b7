#pragma once

#include <string>
#include <string_view>

namespace voicecast {

/// Whether the certificate (PEM) has this fingerprint ("sha-256 AB:CD:…", RFC 8122). Pure.
bool has_fingerprint(std::string_view certificate_pem, std::string_view fingerprint);

}  // namespace voicecast
