// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/names.hpp"
#include "base/result.hpp"

namespace voicecast {

/// An origin that the operator listed.
struct ListedOrigin {
  std::string scheme;                 ///< Empty: http and https.
  std::string host;                   ///< In lower case, without brackets or a trailing dot.
  std::optional<std::uint16_t> port;  ///< None: every port.
  bool operator==(const ListedOrigin&) const = default;
};

/// Which web pages may use the server, beside those that it serves itself. The default is `lan`.
struct OriginPolicy {
  bool is_any = false;  ///< Everybody's. The Host header is not checked either.
  bool is_lan = true;   ///< Those whose host only the local network can have; see is_origin_allowed().
  std::vector<ListedOrigin> listed;
  bool operator==(const OriginPolicy&) const = default;
};

/// Reads "lan", "any" or a comma-separated list of origins: "https://voice.example.com", "http://10.0.0.5:8123", a
/// bare "example.com" (http and https, every port) or "example.com:8443". A list stands alone: what is on the local
/// network is allowed only if `lan` is an entry as well. Fails with one line that names the entry. Pure.
Result<OriginPolicy> parse_origin_policy(std::string_view text);

/// Whether a page of this origin (the Origin header, RFC 6454 §7) may use the server that it addressed as `host` (the
/// Host header). Allowed are: no Origin (not a page), the same host by http or https whatever the port, what is listed
/// and, by `lan`, http and https origins whose host only the local network can have: a loopback, private or link-local
/// address, localhost, a single label, one of `names`, or a name below one of the domains that are on no public network
/// (.local, .lan, .home.arpa, .internal, … and a router's .fritz.box).
///
/// "null" is refused: every site can make a page of that origin with a sandboxed frame. So is whatever no browser
/// sends: userinfo, a path, two origins, addresses in odd forms, non-ASCII. Several Origin fields must come joined.
///
/// This alone is no protection against DNS rebinding, where the Host header names the same foreign host as the
/// Origin: ask is_host_allowed() first. Pure.
bool is_origin_allowed(const OriginPolicy& policy, std::optional<std::string_view> origin, std::string_view host,
                       const LocalNames& names);

/// Whether the Host header (RFC 9110 §7.2) is a name for this server that a stranger's DNS cannot have given it: any IP
/// address, a name that only the local network can have (as above), or the host of a listed origin. No Host at all is
/// allowed: an old player's HTTP/1.0, never a browser. Pure.
bool is_host_allowed(const OriginPolicy& policy, std::optional<std::string_view> host, const LocalNames& names);

/// Why a request is not allowed, for people.
struct OriginRefusal {
  std::string words;    ///< a sentence without its end
  std::string origins;  ///< the setting that would allow it beside what is allowed now, or empty: nothing can
};

/// Asks both of the above; nothing where both allow it. Pure.
std::optional<OriginRefusal> refuse_origin(const OriginPolicy& policy, std::optional<std::string_view> host,
                                           std::optional<std::string_view> origin, const LocalNames& names);

/// Which pages may frame ours, as the frame-ancestors of a Content-Security-Policy has them: those of this host (the
/// Host header), whatever the port, those listed and, by `lan`, those below the domains that only the local network
/// has. Addresses have no ranges there: a dashboard at another address must be listed. Empty where all may. Pure.
std::string frame_ancestors(const OriginPolicy& policy, std::string_view host, const LocalNames& names);

/// Whether this is HOST or HOST:PORT as an http URL has it (RFC 3986 §3.2): an address or a name. Pure.
bool is_host_and_port(std::string_view text);

}  // namespace voicecast
