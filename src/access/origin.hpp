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

/// An entry of the operator's list of allowed origins.
struct ListedOrigin {
  std::string scheme;                 ///< Empty: http and https.
  std::string host;                   ///< In lower case, without brackets or a trailing dot.
  std::optional<std::uint16_t> port;  ///< None: every port.
  bool operator==(const ListedOrigin&) const = default;
};

/// The web pages that may use the server, in addition to its own. The default is `lan`.
struct OriginPolicy {
  bool is_any = false;  ///< All pages. The Host header is not checked either.
  bool is_lan = true;   ///< Pages of hosts on the local network; see is_origin_allowed().
  std::vector<ListedOrigin> listed;
  bool operator==(const OriginPolicy&) const = default;
};

/// Parses "lan", "any" or a comma-separated list of origins: "https://voice.example.com", "http://10.0.0.5:8123", a
/// bare "example.com" (http and https, every port) or "example.com:8443". A list replaces the default: pages of the
/// local network need the entry `lan` as well. The Error is one line that names the entry. Pure.
Result<OriginPolicy> parse_origin_policy(std::string_view text);

/// Whether a page of this origin (the Origin header, RFC 6454 §7) may use the server that it addressed as `host` (the
/// Host header). Allowed are: requests without Origin (not from a page), the same host by http or https on any port,
/// listed origins and, by `lan`, http and https origins whose host can belong to the local network only: a loopback,
/// private or link-local address, localhost, a single label, one of `names`, or a name below a domain that does not
/// exist in public DNS (.local, .lan, .home.arpa, .internal, … and .fritz.box).
///
/// "null" is rejected: every site can create a page of that origin with a sandboxed frame. So are values that no
/// browser sends: userinfo, a path, two origins, non-canonical addresses, non-ASCII. Several Origin fields must be
/// passed joined.
///
/// This check alone does not protect against DNS rebinding, where the Host header names the same foreign host as the
/// Origin: call is_host_allowed() first. Pure.
bool is_origin_allowed(const OriginPolicy& policy, std::optional<std::string_view> origin, std::string_view host,
                       const LocalNames& names);

/// Whether the Host header (RFC 9110 §7.2) is a name of this server that foreign DNS cannot have assigned: an IP
/// address, a name of the local network (as above), or the host of a listed origin. A missing Host is allowed: HTTP/1.0
/// players omit it, browsers never do. Pure.
bool is_host_allowed(const OriginPolicy& policy, std::optional<std::string_view> host, const LocalNames& names);

/// Why a request is rejected, for people.
struct OriginRefusal {
  std::string words;    ///< a sentence without its full stop
  std::string origins;  ///< the value of the setting that would allow the request too; empty if none can
};

/// Applies is_host_allowed() and is_origin_allowed(); nothing if both allow the request. Pure.
std::optional<OriginRefusal> refuse_origin(const OriginPolicy& policy, std::optional<std::string_view> host,
                                           std::optional<std::string_view> origin, const LocalNames& names);

/// The pages that may frame this server's pages, as the value of frame-ancestors in a Content-Security-Policy: those of
/// this host (the Host header) on any port, listed origins and, by `lan`, those below the domains of the local network.
/// The grammar has no address ranges: a dashboard at another address must be listed. Empty if all pages may. Pure.
std::string frame_ancestors(const OriginPolicy& policy, std::string_view host, const LocalNames& names);

/// Whether the text is HOST or HOST:PORT of an http URL (RFC 3986 §3.2), by name or address. Pure.
bool is_host_and_port(std::string_view text);

}  // namespace voicecast
