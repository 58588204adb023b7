// SPDX-License-Identifier: MIT
#include "access/origin.hpp"

#include <algorithm>
#include <array>

#include "base/address.hpp"
#include "base/text.hpp"

namespace voicecast {
namespace {

/// host[:port] of RFC 3986 §3.2, without userinfo.
struct HostPort {
  std::string host;  ///< A name or a canonical address; in lower case, without brackets and trailing dot.
  bool is_address = false;
  bool is_absolute = false;  ///< With a trailing dot: no search domain applies.
  std::optional<std::uint16_t> port;
};

struct WebOrigin {
  std::string scheme;
  HostPort at;  ///< With the default port of the scheme if none is given.
};

/// Letters, digits, hyphens, and underscores, which container names have.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 &&
         std::all_of(label.begin(), label.end(), [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '_'; });
}

/// Browsers parse a host that ends with such a label as an IPv4 address (URL Standard, "ends in a number").
bool is_number(std::string_view label) {
  if (label.starts_with("0x"))
    return std::all_of(label.begin() + 2, label.end(), [](char c) { return g_ascii_isxdigit(c); });
  return std::all_of(label.begin(), label.end(), [](char c) { return g_ascii_isdigit(c); });
}

bool is_name(std::string_view name) {
  if (name.size() > 253) return false;
  for (;;) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == name.npos) return !is_number(label);
    name.remove_prefix(dot + 1);
  }
}

std::optional<HostPort> parse_host(std::string_view text) {
  const bool is_bracketed = text.starts_with('[');
  const auto end = is_bracketed ? text.find(']') : text.find(':');
  if (is_bracketed && end == text.npos) return std::nullopt;
  auto host = text.substr(0, end);
  auto rest = text.substr(host.size());
  if (is_bracketed) host.remove_prefix(1), rest.remove_prefix(1);

  HostPort result;
  if (!rest.empty() && rest[0] == ':') result.port = parse_number<std::uint16_t>(rest.substr(1));
  if (!rest.empty() && !result.port) return std::nullopt;

  const auto address = parse_address(host);
  if (is_bracketed && (!address || address->size() != 16)) return std::nullopt;
  result.is_address = address.has_value();
  if (address) {
    result.host = address_text(*address);
    return result;
  }
  result.is_absolute = host.ends_with('.');
  if (result.is_absolute) host.remove_suffix(1);
  result.host = lower(host);
  if (!is_name(result.host)) return std::nullopt;
  return result;
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  return std::nullopt;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && g_ascii_isalpha(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return g_ascii_isalnum(c) || c == '+' || c == '-' || c == '.';
  });
}

std::optional<WebOrigin> parse_origin(std::string_view text) {
  const auto mark = text.find("://");
  if (mark == text.npos || !is_scheme(text.substr(0, mark))) return std::nullopt;
  auto at = parse_host(text.substr(mark + 3));
  if (!at) return std::nullopt;
  WebOrigin origin{lower(text.substr(0, mark)), std::move(*at)};
  if (!origin.at.port) origin.at.port = default_port(origin.scheme);
  return origin;
}

/// Domains that do not exist in public DNS: RFC 6761 (localhost), RFC 6762 (local, and appendix G), RFC 8375
/// (home.arpa), ICANN's internal of 2024; and fritz.box, of a common maker of routers.
constexpr std::array<std::string_view, 8> private_domains = {"localhost", "local", "lan",         "home.arpa",
                                                             "internal",  "home",  "localdomain", "fritz.box"};

bool is_below(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() && name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.';
}

/// Whether the name or address can belong to the local network only.
bool is_lan_host(const HostPort& at, const LocalNames& names) {
  if (at.is_address) return is_lan_address(*parse_address(at.host));
  if (at.host == "localhost") return true;
  // "ai." with its dot is a country's domain in public DNS; "ai" is resolved by the local network first.
  if (at.host.find('.') == at.host.npos) return !at.is_absolute;
  const auto holds = [&](std::string_view domain) { return is_below(at.host, domain); };
  return std::ranges::any_of(private_domains, holds) || std::ranges::any_of(names.domains, holds) ||
         std::ranges::any_of(names.own, [&](const std::string& name) { return lower(name) == at.host; });
}

bool matches(const ListedOrigin& listed, const WebOrigin& origin) {
  const bool is_scheme_right =
      listed.scheme.empty() ? default_port(origin.scheme).has_value() : listed.scheme == origin.scheme;
  return is_scheme_right && listed.host == origin.at.host && (!listed.port || listed.port == origin.at.port);
}

/// The inverse of parse_entry().
std::string text_of(const ListedOrigin& origin) {
  const bool is_v6 = origin.host.find(':') != std::string::npos;
  auto text = origin.scheme.empty() ? "" : origin.scheme + "://";
  text += is_v6 ? "[" + origin.host + "]" : origin.host;
  if (origin.port && origin.port != default_port(origin.scheme)) text += ":" + std::to_string(*origin.port);
  return text;
}

/// The value of the setting that allows `entry` in addition to the current policy.
std::string setting_with(const OriginPolicy& policy, const std::string& entry) {
  std::string setting = policy.is_lan ? "lan," : "";
  for (const auto& listed : policy.listed) setting += text_of(listed) + ",";
  return setting + entry;
}

Error bad_entry(std::string_view entry, std::string_view why) {
  return {ErrorCode::failed, "\"" + std::string(entry) + "\" is not an origin: " + std::string(why)};
}

Result<ListedOrigin> parse_entry(std::string_view entry) {
  if (entry == "any") return bad_entry(entry, "\"any\" cannot be combined with others");
  if (entry == "null")
    return bad_entry(entry, "every web site can create a page of that origin; use \"any\" to allow all");
  if (entry.find('*') != entry.npos)
    return bad_entry(entry, "wildcards are not supported; list each origin, or use \"any\"");
  const std::string_view whole = entry;
  if (entry.find("://") != entry.npos && entry.ends_with('/')) entry.remove_suffix(1);  // as copied from a browser
  if (const auto origin = parse_origin(entry)) return ListedOrigin{origin->scheme, origin->at.host, origin->at.port};
  if (const auto address = parse_address(entry)) return ListedOrigin{"", address_text(*address), std::nullopt};
  if (const auto at = parse_host(entry)) return ListedOrigin{"", at->host, at->port};
  return bad_entry(whole, "expected lan, any, or a list of SCHEME://HOST[:PORT] or HOST[:PORT]");
}

}  // namespace

Result<OriginPolicy> parse_origin_policy(std::string_view text) {
  if (trimmed(text) == "any") return OriginPolicy{.is_any = true, .is_lan = true, .listed = {}};
  OriginPolicy policy{.is_any = false, .is_lan = false, .listed = {}};
  for (;;) {
    const auto comma = text.find(',');
    const auto entry = trimmed(text.substr(0, comma));
    if (entry == "lan") {
      policy.is_lan = true;
    } else {
      auto listed = parse_entry(entry);
      if (!listed) return listed.error();
      policy.listed.push_back(std::move(*listed));
    }
    if (comma == text.npos) return policy;
    text.remove_prefix(comma + 1);
  }
}

bool is_origin_allowed(const OriginPolicy& policy, std::optional<std::string_view> origin, std::string_view host,
                       const LocalNames& names) {
  if (policy.is_any || !origin) return true;
  const auto page = parse_origin(*origin);
  if (!page) return false;
  if (std::any_of(policy.listed.begin(), policy.listed.end(),
                  [&](const auto& listed) { return matches(listed, *page); }))
    return true;
  // The host in the origin of a browser extension or an app is not a network host.
  if (!default_port(page->scheme)) return false;
  const auto server = parse_host(host);
  return (server && server->host == page->at.host) || (policy.is_lan && is_lan_host(page->at, names));
}

bool is_host_allowed(const OriginPolicy& policy, std::optional<std::string_view> host, const LocalNames& names) {
  if (policy.is_any || !host) return true;
  const auto server = parse_host(*host);
  if (!server) return false;
  return server->is_address || is_lan_host(*server, names) ||
         std::ranges::any_of(policy.listed, [&](const ListedOrigin& listed) { return listed.host == server->host; });
}

std::optional<OriginRefusal> refuse_origin(const OriginPolicy& policy, std::optional<std::string_view> host,
                                           std::optional<std::string_view> origin, const LocalNames& names) {
  if (!is_host_allowed(policy, host, names)) {
    const auto server = parse_host(*host);
    if (!server) return OriginRefusal{"the Host header of the request is not a valid host name or address", ""};
    return OriginRefusal{"this server does not accept the host name " + server->host,
                         setting_with(policy, server->host)};
  }
  if (is_origin_allowed(policy, origin, host.value_or(""), names)) return std::nullopt;
  const auto page = parse_origin(*origin);
  if (!page) return OriginRefusal{"pages without an origin of their own may not use this server", ""};
  const auto text = text_of(ListedOrigin{page->scheme, page->at.host, page->at.port});
  return OriginRefusal{"pages of " + text + " may not use this server", setting_with(policy, text)};
}

std::string frame_ancestors(const OriginPolicy& policy, std::string_view host, const LocalNames& names) {
  if (policy.is_any) return {};
  std::string sources = "'self'";
  // "http" matches https as well (CSP3 §6.7.2.8); brackets are not in the grammar.
  const auto add = [&](const std::string& scheme, const std::string& name, const std::string& port) {
    if (name.find(':') == std::string::npos) sources += " " + scheme + "://" + name + ":" + port;
  };
  if (const auto server = parse_host(host)) add("http", server->host, "*");
  for (const auto& listed : policy.listed)
    add(listed.scheme.empty() ? "http" : listed.scheme, listed.host, listed.port ? std::to_string(*listed.port) : "*");
  if (!policy.is_lan) return sources;
  add("http", "localhost", "*");
  for (const auto domain : private_domains) add("http", "*." + std::string(domain), "*");
  for (const auto& domain : names.domains) add("http", "*." + domain, "*");
  return sources;
}

bool is_host_and_port(std::string_view text) { return parse_host(text).has_value(); }

}  // namespace voicecast
