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
  std::string host;  ///< A name or an address in its canonical form; in lower case, no brackets, no trailing dot.
  bool is_address = false;
  bool is_absolute = false;  ///< There was a trailing dot: no search domain applies.
  std::optional<std::uint16_t> port;
};

struct WebOrigin {
  std::string scheme;
  HostPort at;  ///< With the scheme's own port where none was written.
};

/// Letters, digits, hyphens, and underscores for the names that people give to containers.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 &&
         std::all_of(label.begin(), label.end(), [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '_'; });
}

/// A host that ends so is an IPv4 address for a browser, never a name (URL Standard, "ends in a number").
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

/// Domains that are on no public network: RFC 6761 (localhost), RFC 6762 (local, and its appendix G), RFC 8375
/// (home.arpa), ICANN's internal of 2024; and that of a common maker of routers.
constexpr std::array<std::string_view, 8> private_domains = {"localhost", "local", "lan",         "home.arpa",
                                                             "internal",  "home",  "localdomain", "fritz.box"};

bool is_below(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() && name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.';
}

/// Whether only the local network can give this name or address its meaning.
bool is_lan_host(const HostPort& at, const LocalNames& names) {
  if (at.is_address) return is_lan_address(*parse_address(at.host));
  if (at.host == "localhost") return true;
  // "ai." with its dot is a country's domain, on the Internet; "ai" is looked for at home first.
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

/// As parse_entry() reads it.
std::string text_of(const ListedOrigin& origin) {
  const bool is_v6 = origin.host.find(':') != std::string::npos;
  auto text = origin.scheme.empty() ? "" : origin.scheme + "://";
  text += is_v6 ? "[" + origin.host + "]" : origin.host;
  if (origin.port && origin.port != default_port(origin.scheme)) text += ":" + std::to_string(*origin.port);
  return text;
}

/// The setting that allows `entry` beside what the policy allows.
std::string setting_with(const OriginPolicy& policy, const std::string& entry) {
  std::string setting = policy.is_lan ? "lan," : "";
  for (const auto& listed : policy.listed) setting += text_of(listed) + ",";
  return setting + entry;
}

Error bad_entry(std::string_view entry, std::string_view why) {
  return {ErrorCode::failed, "\"" + std::string(entry) + "\" is not an origin: " + std::string(why)};
}

Result<ListedOrigin> parse_entry(std::string_view entry) {
  if (entry == "any") return bad_entry(entry, "\"any\" must stand alone");
  if (entry == "null")
    return bad_entry(entry, "every web site can make a page of that origin; say \"any\" if you mean it");
  if (entry.find('*') != entry.npos) return bad_entry(entry, "there are no wildcards; list each, or say \"any\"");
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
  // An extension's or an app's origin has a host too, which is no host of a network.
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
    if (!server) return OriginRefusal{"the Host of the request is no name or address", ""};
    return OriginRefusal{"this server does not answer to the name " + server->host, setting_with(policy, server->host)};
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
  // "http" lets https in as well (CSP3 §6.7.2.8); brackets are not in the grammar.
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
