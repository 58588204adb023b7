// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// What the addresses begin with by which clients reach this server: "https", "voice.example.com:8443", "/voice".
struct PublicUrl {
  std::string scheme;
  std::string host;    ///< with the port, where it is not the scheme's own
  std::string prefix;  ///< of a proxy that serves this server below a path of its own; else empty

  std::string text() const { return scheme + "://" + host + prefix; }
};

/// What a proxy says of the request as it got it, in header fields; empty where it says nothing.
struct ForwardedFields {
  std::string proto;   ///< X-Forwarded-Proto
  std::string host;    ///< X-Forwarded-Host
  std::string prefix;  ///< X-Forwarded-Prefix, or X-Ingress-Path (Home Assistant)
};

/// The address in `own`, with what `fields` say instead. Of a list, the first entry counts: the proxy nearest to the
/// client has put it there. What is malformed counts as not said. Pure.
PublicUrl apply_forwarded(PublicUrl own, const ForwardedFields& fields);

/// By which the request's client reached this server: the connection's scheme, and the request's Host or, without one,
/// the address and port of the socket; where a proxy that is trusted passed it on, what that says of it. Main thread.
PublicUrl public_url(SoupServerMessage* request, bool is_by_trusted_proxy);

/// Whether a request for `host` came to the port of this server that its client named: no proxy or mapping of ports
/// that keeps the Host lies between. Pure.
bool names_port(const PublicUrl& url, std::uint16_t port);

/// By which the request's client reached this server, with the last slash; none where something between the two shows
/// (`is_forwarded`: by its fields). Main thread.
std::optional<std::string> direct_url(SoupServerMessage* request, bool is_forwarded);

}  // namespace voicecast
