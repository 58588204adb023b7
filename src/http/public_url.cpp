// SPDX-License-Identifier: MIT
#include "http/public_url.hpp"

#include <algorithm>

#include "access/origin.hpp"
#include "base/address.hpp"
#include "base/gio.hpp"
#include "base/text.hpp"
#include "connection/field_text.hpp"
#include "http/answer.hpp"
#include "http/request_connection.hpp"

namespace voicecast {
namespace {

constexpr std::size_t max_prefix_bytes = 256;
constexpr std::uint16_t default_http_port = 80, default_https_port = 443;  // RFC 9110 §4.2

std::string_view first_of(std::string_view list) { return without_field_space(list.substr(0, list.find(','))); }

/// RFC 3986 §3.3, without percent-encoding and the marks that a proxy's path does not need.
bool is_path_character(char c) {
  constexpr std::string_view marks = "/-._~";
  return g_ascii_isalnum(c) || marks.find(c) != marks.npos;
}

/// "/voice/" → "/voice". Empty for an invalid path, and for one that would change the host ("//") or the directory
/// ("..").
std::string_view clean_prefix(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const bool is_clean = path.starts_with('/') && path.size() <= max_prefix_bytes && path.find("//") == path.npos &&
                        path.find("/.") == path.npos && std::ranges::all_of(path, is_path_character);
  return is_clean ? path : std::string_view();
}

std::string host_of(GSocketAddress* address) {
  auto* socket = G_INET_SOCKET_ADDRESS(address);
  auto* inet = g_inet_socket_address_get_address(socket);
  const auto* bytes = g_inet_address_to_bytes(inet);
  const auto plain = without_mapping(AddressBytes(bytes, bytes + g_inet_address_get_native_size(inet)));
  const auto text = address_text(plain);
  return (plain.size() == 16 ? "[" + text + "]" : text) + ":" + std::to_string(g_inet_socket_address_get_port(socket));
}

}  // namespace

PublicUrl apply_forwarded(PublicUrl own, const ForwardedFields& fields) {
  const auto scheme = lower(first_of(fields.proto));
  if (scheme == "http" || scheme == "https") own.scheme = scheme;
  const auto host = first_of(fields.host);
  if (is_host_and_port(host)) own.host = host;
  own.prefix = clean_prefix(first_of(fields.prefix));
  return own;
}

PublicUrl public_url(SoupServerMessage* request, bool is_by_trusted_proxy) {
  const auto host = header(request, "Host");
  const auto connection = connection_of(request);
  PublicUrl own{connection && connection->is_tls() ? "https" : "http",
                is_host_and_port(host) ? host : host_of(soup_server_message_get_local_address(request)),
                {}};
  if (!is_by_trusted_proxy) return own;
  const auto prefix = optional_header(request, "X-Forwarded-Prefix");
  return apply_forwarded(std::move(own), {header(request, "X-Forwarded-Proto"), header(request, "X-Forwarded-Host"),
                                          prefix ? *prefix : header(request, "X-Ingress-Path")});
}

bool names_port(const PublicUrl& url, std::uint16_t port) {
  const bool is_default = port == (url.scheme == "https" ? default_https_port : default_http_port);
  const bool has_port = !url.host.ends_with(']') && url.host.find(':') != url.host.npos;
  return has_port ? url.host.ends_with(":" + std::to_string(port)) : is_default;
}

std::optional<std::string> direct_url(SoupServerMessage* request, bool is_forwarded) {
  if (is_forwarded) return std::nullopt;
  const auto url = public_url(request, false);
  auto* local = G_INET_SOCKET_ADDRESS(soup_server_message_get_local_address(request));
  if (!names_port(url, g_inet_socket_address_get_port(local))) return std::nullopt;
  return url.text() + "/";
}

}  // namespace voicecast
