#include "http/endpoint.hpp"

#include <optional>

#include "access/names.hpp"
#include "http/accept.hpp"
#include "http/answer.hpp"
#include "http/pages.hpp"
#include "http/qr.hpp"

namespace voicecast {
namespace {

constexpr std::string_view mp3_ending = ".mp3";

constexpr unsigned upgrade_required = 426;  // RFC 9110 §15.5.22; libsoup has no name for it

/// Pages run our own scripts and styles only, and nobody frames them but a page of an allowed origin's choice: Home
/// Assistant shows them in a frame. The waiting page has its few lines inside.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'";
constexpr const char* waiting_page_policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'";

void answer_page(SoupServerMessage* request, std::string_view name) {
  const auto page = find_page(name);
  if (!page) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
  soup_message_headers_replace(soup_server_message_get_response_headers(request), "Content-Security-Policy",
                               name == "waiting.html" ? waiting_page_policy : page_policy);
  answer(request, SOUP_STATUS_OK, page->content_type, page->body.get());
}

bool is_upgrade(SoupServerMessage* request) {
  return g_ascii_strcasecmp(header(request, "Upgrade").c_str(), "websocket") == 0;
}

bool wants_websocket(SoupServerMessage* request, std::string_view path) {
  return (path == "/ws" || path == "/") && is_upgrade(request);
}

bool is_head(SoupServerMessage* request) {
  return g_str_equal(soup_server_message_get_method(request), SOUP_METHOD_HEAD);
}

bool is_media_player(SoupServerMessage* request) {
  const auto accept = header(request, "Accept");
  return wants_media_player_audio({has_header(request, "Icy-MetaData"), has_header(request, "Range"), accept});
}

/// The header of an MP3 response, which has no body for HEAD.
void answer_mp3_head(SoupServerMessage* request) {
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  auto* headers = soup_server_message_get_response_headers(request);
  soup_message_headers_replace(headers, "Content-Type", "audio/mpeg");
  soup_message_headers_replace(headers, "Cache-Control", "no-cache, no-store");
  soup_message_headers_replace(headers, "Accept-Ranges", "none");
  soup_message_headers_set_encoding(headers, SOUP_ENCODING_EOF);
}

std::string client_of(SoupServerMessage* request) {
  const auto* address = G_INET_SOCKET_ADDRESS(soup_server_message_get_remote_address(request));
  const char* host = soup_server_message_get_remote_host(request);
  return std::string(host ? host : "?") + ":" +
         std::to_string(address ? g_inet_socket_address_get_port(const_cast<GInetSocketAddress*>(address)) : 0);
}

}  // namespace

Endpoint::Endpoint(Lobby& lobby, Radio& radio, StreamRegistry& registry, OriginPolicy origins, const Limits& limits,
                   std::function<Facts()> facts)
    : lobby_(lobby),
      radio_(radio),
      registry_(registry),
      origins_(std::move(origins)),
      own_names_(current_names().dns),
      facts_(std::move(facts)),
      server_(GPtr<SoupServer>::adopt(soup_server_new("server-header", "voicecast", nullptr))),
      door_(server_.get(), limits) {
  // A compressed message of 256 KiB may unpack to 256 MiB, and ours are small.
  soup_server_remove_websocket_extension(server_.get(), SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_handler(
      server_.get(), nullptr,
      [](SoupServer*, SoupServerMessage* request, const char* path, GHashTable* query, gpointer self) noexcept {
        static_cast<Endpoint*>(self)->route(request, path, query);
      },
      this, nullptr);
  // libsoup asks this one only where route() has left the request unanswered.
  soup_server_add_websocket_handler(
      server_.get(), nullptr, nullptr, nullptr,
      [](SoupServer*, SoupServerMessage* request, const char*, SoupWebsocketConnection* websocket,
         gpointer self) noexcept {
        Door::connection_of(request).keep();
        static_cast<Endpoint*>(self)->lobby_.welcome(GPtr<SoupWebsocketConnection>::share(websocket),
                                                     client_of(request));
      },
      this, nullptr);
}

Endpoint::~Endpoint() { stop(); }

Result<std::uint16_t> Endpoint::listen(const std::string& address, std::uint16_t port, Scheme scheme) {
  return door_.listen(address, port, scheme);
}

void Endpoint::stop() {
  door_.close();
  soup_server_disconnect(server_.get());
}

Status Endpoint::show_certificate(const ServerIdentity& identity) {
  GError* raw = nullptr;
  auto certificate = GPtr<GTlsCertificate>::adopt(
      g_tls_certificate_new_from_pem(identity.pem.data(), static_cast<gssize>(identity.pem.size()), &raw));
  if (raw) return take_error(raw, "cannot use the certificate");
  door_.show_certificate(std::move(certificate));
  ca_pem_ = identity.ca_pem;
  return success();
}

/// A page on the public Internet must not be able to listen to a home: the address that it came by (DNS rebinding) and
/// the page that asks are checked before anything else. An allowed page of another origin gets its CORS header.
bool Endpoint::is_admitted(SoupServerMessage* request) const {
  const auto host = optional_header(request, "Host"), origin = optional_header(request, "Origin");
  if (!is_host_allowed(origins_, host, own_names_) || !is_origin_allowed(origins_, origin, host.value_or("")))
    return false;
  auto* headers = soup_server_message_get_response_headers(request);
  soup_message_headers_append(headers, "Vary", "Origin");
  if (origin) soup_message_headers_replace(headers, "Access-Control-Allow-Origin", origin->c_str());
  return true;
}

/// Leaves the request to libsoup's WebSocket handler, or says what it would find wrong.
void Endpoint::upgrade(SoupServerMessage* request) {
  GError* raw = nullptr;
  if (!soup_websocket_server_check_handshake(request, nullptr, nullptr, nullptr, &raw)) {
    const auto error = take_error(raw, "Bad request");
    return answer_text(request, SOUP_STATUS_BAD_REQUEST, error.message);
  }
  soup_message_headers_remove(soup_server_message_get_response_headers(request), "Connection");
}

void Endpoint::route(SoupServerMessage* request, std::string_view path, GHashTable* query) {
  // What comes after a request to upgrade is no HTTP, and not looked at: a refusal must end the connection.
  if (is_upgrade(request)) set_header(request, "Connection", "close");
  if (!is_admitted(request))
    return answer_text(request, SOUP_STATUS_FORBIDDEN,
                       "Forbidden: this server does not answer to that host name or to pages of that origin (see the "
                       "option --origins)");
  if (wants_websocket(request, path)) return upgrade(request);
  const std::string_view method = soup_server_message_get_method(request);
  if (method == "GET" || method == "HEAD") return get(request, path, query);
  soup_message_headers_replace(soup_server_message_get_response_headers(request), "Allow", "GET, HEAD");
  answer_text(request, SOUP_STATUS_METHOD_NOT_ALLOWED, "Method not allowed: GET and HEAD are");
}

void Endpoint::get(SoupServerMessage* request, std::string_view path, GHashTable* query) {
  constexpr std::string_view stream = "/stream/";
  if (path == "/health") return answer(request, health(facts_()));
  if (path == "/metrics") {
    soup_message_headers_append(soup_server_message_get_response_headers(request), "Vary", "Accept");
    return answer(request, metrics(facts_(), header(request, "Accept")));
  }
  if (path == "/info") return answer(request, info(facts_()));
  if (path == "/stream/status") return answer(request, stream_status(facts_()));
  if (path == "/stream/latest.mp3") return get_latest_mp3(request);
  if (path.starts_with(stream) && path.ends_with(mp3_ending) && path.size() > stream.size() + mp3_ending.size()) {
    path.remove_prefix(stream.size());
    path.remove_suffix(mp3_ending.size());
    return get_mp3(request, path);
  }
  if (path == "/ca.crt") return get_ca(request);
  if (path == "/qr.svg") {
    const auto* text = query ? static_cast<const char*>(g_hash_table_lookup(query, "text")) : nullptr;
    const auto svg = qr_svg(text ? text : "");
    return svg ? answer(request, SOUP_STATUS_OK, "image/svg+xml", *svg)
               : answer_text(request, SOUP_STATUS_BAD_REQUEST, "Give the text as ?text=…, up to 512 bytes");
  }
  if (path == "/ws") return answer_text(request, upgrade_required, "This is the address for a WebSocket");
  answer_page(request, path == "/" ? "index.html" : path.substr(1));
}

void Endpoint::get_ca(SoupServerMessage* request) {
  ca_pem_.empty() ? answer_text(request, SOUP_STATUS_NOT_FOUND, "This server has no certificate authority of its own")
                  : answer(request, SOUP_STATUS_OK, "application/x-x509-ca-cert", ca_pem_);
}

void Endpoint::get_mp3(SoupServerMessage* request, std::string_view stream_id) {
  const auto stream = registry_.find(std::string(stream_id));
  if (!stream) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  if (is_head(request)) return answer_mp3_head(request);
  Door::connection_of(request).keep();
  radio_.listen(request, stream);
}

void Endpoint::get_latest_mp3(SoupServerMessage* request) {
  const auto stream = registry_.newest();
  if (!stream && !is_media_player(request)) return answer_page(request, "waiting.html");
  if (is_head(request)) return answer_mp3_head(request);
  Door::connection_of(request).keep();
  stream ? radio_.listen(request, stream) : radio_.hold(request);
}

}  // namespace voicecast
