// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// The beginning of the URLs by which clients reach this server: "https", "voice.example.com:8443", "/voice".
struct PublicUrl {
  std::string scheme;
  std::string host;    ///< with the port, unless it is the scheme's default
  std::string prefix;  ///< the path below which a proxy serves this server; else empty

  std::string text() const { return scheme + "://" + host + prefix; }
};

/// The proxy's description of the original request; empty where a field is missing.
struct ForwardedFields {
  std::string proto;   ///< X-Forwarded-Proto
  std::string host;    ///< X-Forwarded-Host
  std::string prefix;  ///< X-Forwarded-Prefix, or X-Ingress-Path (Home Assistant)
};

/// `own`, overridden by `fields`. Of a list the first entry counts, set by the proxy nearest to the client. Invalid
/// values are ignored. Pure.
PublicUrl apply_forwarded(PublicUrl own, const ForwardedFields& fields);

/// The URL by which the request's client reached this server: the scheme of the connection and the Host header or,
/// without one, the address and port of the socket; overridden by the fields of a trusted proxy. Main thread.
PublicUrl public_url(SoupServerMessage* request, bool is_by_trusted_proxy);

/// Whether a request for `host` came to the port of this server that its client named: no proxy or mapping of ports
/// that keeps the Host lies between. Pure.
bool names_port(const PublicUrl& url, std::uint16_t port);

/// By which the request's client reached this server, with the last slash; none where something between the two shows
/// (`is_forwarded`: by its fields). Main thread.
std::optional<std::string> direct_url(SoupServerMessage* request, bool is_forwarded);

}  // namespace voicecast
