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

/// What is left of its life when a certificate is renewed: long enough that a server which is switched on once a month
/// never shows an expired one.
constexpr std::chrono::days renewal_window{30};

// The certificates that the server makes for itself, as text. All ECDSA P-256 with SHA-256, which every browser takes.
// Pure but for the random numbers: "now" comes from the caller. Any thread; making one takes a millisecond or so.

/// A certificate authority of this machine's own, good for ten years: key and certificate, PEM. It may sign servers
/// only, not further authorities (pathLen 0).
Result<std::string> make_ca(std::string_view host_name, TimePoint now);

/// A certificate for these names, signed by the authority (the text of make_ca()), good for 397 days but not longer
/// than the authority: key, certificate and the authority's certificate, PEM.
Result<std::string> make_server_certificate(std::string_view ca_pem, const Names& names, TimePoint now);

/// A certificate that vouches for itself, for DTLS with peers who are told its fingerprint (RFC 8827 §6.5), good for a
/// hundred years: PEM, the key behind the certificate, for GStreamer's graphs show how an element's property begins.
Result<std::string> make_peer_certificate(TimePoint now);

/// Why the authority is of no use (broken, no authority, at its end), in words that can follow "because"; or nothing.
/// One that is not valid yet is of use: rather has the clock not been set since the machine was switched on. But where
/// the clock is known to be right, the one that the authority was made by was ahead, and browsers will not take it.
std::optional<std::string> why_replace_ca(std::string_view ca_pem, TimePoint now, bool is_clock_right = false);

/// Why the server's certificate must be made anew (broken, not signed by this usable authority, `window` or less before
/// its end, a name or address that it does not cover), in words that can follow "because"; or nothing. That it
/// covers more than the names is no reason.
std::optional<std::string> why_renew(std::string_view server_pem, std::string_view ca_pem, const Names& names,
                                     TimePoint now, std::chrono::seconds window = renewal_window);

}  // namespace voicecast
