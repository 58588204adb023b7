// SPDX-License-Identifier: MIT
#include "config/ice_config.hpp"

#include <algorithm>

#include "base/gio.hpp"

namespace voicecast {
namespace {

std::string text_or_empty(const char* text) { return text ? text : ""; }

/// Whether it is a host name or an address. (GLib accepts any text.)
bool is_host(std::string_view text) {
  constexpr std::string_view others = ".-_:%";
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return g_ascii_isalnum(c) || others.find(c) != others.npos; });
}

/// The default ports of RFC 7064 §3.2 and RFC 7065 §3.2.
std::uint16_t usual_port(std::string_view scheme) { return scheme == "turns" ? 5349 : 3478; }

/// Adds the two slashes without which GLib parses no host.
std::string with_authority(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == uri.npos || uri.substr(colon + 1).starts_with("//")) return std::string(uri);
  return std::string(uri.substr(0, colon)) + "://" + std::string(uri.substr(colon + 1));
}

/// Whether a URI has a host, no port or one other than 0, and nothing after them but a transport.
bool is_of_the_form(GUri* uri) {
  const std::string query = text_or_empty(g_uri_get_query(uri));
  return is_host(text_or_empty(g_uri_get_host(uri))) && g_uri_get_port(uri) != 0 &&
         text_or_empty(g_uri_get_path(uri)).empty() && !g_uri_get_fragment(uri) &&
         (!g_uri_get_query(uri) || query == "transport=udp" || query == "transport=tcp");
}

}  // namespace

std::optional<IceServer> parse_ice_server(std::string_view text) {
  const auto uri = GPtr<GUri>::adopt(g_uri_parse(with_authority(text).c_str(), G_URI_FLAGS_HAS_PASSWORD, nullptr));
  if (!uri || !is_of_the_form(uri.get())) return std::nullopt;
  IceServer server;
  server.scheme = g_uri_get_scheme(uri.get());
  if (server.scheme != "stun" && server.scheme != "turn" && server.scheme != "turns") return std::nullopt;
  server.host = g_uri_get_host(uri.get());
  server.port =
      g_uri_get_port(uri.get()) < 0 ? usual_port(server.scheme) : static_cast<std::uint16_t>(g_uri_get_port(uri.get()));
  server.username = text_or_empty(g_uri_get_user(uri.get()));
  server.credential = text_or_empty(g_uri_get_password(uri.get()));
  if (const char* query = g_uri_get_query(uri.get())) server.transport = std::string_view(query).substr(10);
  if (server.scheme == "stun" && (!server.transport.empty() || g_uri_get_userinfo(uri.get()))) return std::nullopt;
  if (server.scheme == "turns" && server.transport == "udp")
    return std::nullopt;  // TURN over DTLS, which libnice does not implement
  if (server.username.empty() != server.credential.empty()) return std::nullopt;
  return server;
}

std::string authority_of(const IceServer& server) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + server.host + "]" : server.host) + ':' + std::to_string(server.port);
}

std::string uri_of(const IceServer& server) {
  return server.scheme + ':' + authority_of(server) +
         (server.transport.empty() ? "" : "?transport=" + server.transport);
}

}  // namespace voicecast
