// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/names.hpp"
#include "base/result.hpp"
#include "tls/x509.hpp"

namespace voicecast {

/// Certificates are renewed this long before their expiry, so that a server which is switched on once a month never
/// shows an expired one.
constexpr std::chrono::days renewal_window{30};

// The server's own certificates, as PEM text. All are ECDSA P-256 with SHA-256, which every browser accepts. Pure
// except for random numbers: the caller passes the time. Any thread; making one takes about a millisecond.

/// Makes a certificate authority for this machine, valid for ten years: key and certificate, PEM. It may sign servers
/// only, not further authorities (pathLen 0).
Result<std::string> make_ca(std::string_view host_name, TimePoint now);

/// Makes a certificate for these names, signed by the authority (`ca_pem` of make_ca()), valid for 397 days but not
/// longer than the authority: key, certificate and the authority's certificate, PEM. Fails on an unusable authority.
Result<std::string> make_server_certificate(std::string_view ca_pem, const Names& names, TimePoint now);

/// Makes a self-signed certificate for DTLS with peers that are told its fingerprint (RFC 8827 §6.5), valid for a
/// hundred years: PEM, the key after the certificate, because GStreamer's graphs show the beginning of an element's
/// properties.
Result<std::string> make_peer_certificate(TimePoint now);

/// Why the authority is not usable (broken, not an authority, about to expire), in words that can follow "because";
/// nothing if it is usable. A begin in the future counts as usable, for the clock may not have been set since boot. But
/// if the clock is known to be right, it was ahead when the authority was made, and browsers reject the authority.
std::optional<std::string> why_replace_ca(std::string_view ca_pem, TimePoint now, bool is_clock_right = false);

/// Why the server's certificate must be renewed (broken, not signed by this usable authority, within `window` of its
/// expiry, without one of `names`), in words that can follow "because"; nothing if it is usable. Additional names in
/// the certificate are no reason.
std::optional<std::string> why_renew(std::string_view server_pem, std::string_view ca_pem, const Names& names,
                                     TimePoint now, std::chrono::seconds window = renewal_window);

}  // namespace voicecast
