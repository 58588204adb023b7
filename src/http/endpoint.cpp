#include "http/endpoint.hpp"

#include <optional>

#include "http/accept.hpp"
#include "http/answer.hpp"
#include "http/pages.hpp"
#include "http/qr.hpp"

namespace voicecast {
namespace {

constexpr std::string_view mp3_ending = ".mp3";

// RFC 9110 §15.5.22 and RFC 6585 §4; libsoup has no names for them
constexpr unsigned upgrade_required = 426, too_many_requests = 429;

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
  set_header(request, "Content-Security-Policy", name == "waiting.html" ? waiting_page_policy : page_policy);
  set_header(request, "Referrer-Policy", "no-referrer");  // an address may have a token in it
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

std::string name_of(SoupServerMessage* request) {
  const auto* address = G_INET_SOCKET_ADDRESS(soup_server_message_get_remote_address(request));
  const char* host = soup_server_message_get_remote_host(request);
  return std::string(host ? host : "?") + ":" +
         std::to_string(address ? g_inet_socket_address_get_port(const_cast<GInetSocketAddress*>(address)) : 0);
}

/// On a request to upgrade: the Visitor, until the WebSocket is there.
constexpr const char* visitor_key = "voicecast-visitor";

void note_visitor(SoupServerMessage* request, const Visitor& visitor) {
  g_object_set_data_full(G_OBJECT(request), visitor_key, new Visitor(visitor),
                         [](gpointer p) { delete static_cast<Visitor*>(p); });
}

/// The connection lasts as long as the WebSocket now.
Client client_of(SoupServerMessage* request, SoupWebsocketConnection* websocket) {
  const auto* visitor = static_cast<Visitor*>(g_object_get_data(G_OBJECT(request), visitor_key));
  auto& connection = Door::connection_of(request);
  connection.keep();
  return {name_of(request), visitor->key, visitor->grant,
          [websocket] { return bytes_taken(soup_websocket_connection_get_io_stream(websocket)); },
          [weak = connection.weak_from_this()] {
            if (const auto kept = weak.lock()) kept->cut();
          }};
}

void answer_full(SoupServerMessage* request, const std::string& words) {
  set_header(request, "Retry-After", "10");
  answer_text(request, SOUP_STATUS_SERVICE_UNAVAILABLE, "Service unavailable: " + words);
}

}  // namespace

Endpoint::Endpoint(Lobby& lobby, Radio& radio, StreamRegistry& registry, Guard guard, const Limits& limits,
                   std::function<Facts()> facts)
    : lobby_(lobby),
      radio_(radio),
      registry_(registry),
      guard_(std::move(guard)),
      limits_(limits),
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
        static_cast<Endpoint*>(self)->lobby_.welcome(GPtr<SoupWebsocketConnection>::share(websocket),
                                                     client_of(request, websocket));
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

/// Leaves the request to libsoup's WebSocket handler, or says why not.
void Endpoint::upgrade(SoupServerMessage* request, const Visitor& visitor) {
  GError* raw = nullptr;
  if (!soup_websocket_server_check_handshake(request, nullptr, nullptr, nullptr, &raw))
    return answer_text(request, SOUP_STATUS_BAD_REQUEST, take_error(raw, "Bad request").message);
  if (guard_.lacks_token(request, visitor)) return;
  const auto crowd = lobby_.crowd(visitor.key);
  if (crowd == Lobby::Crowd::everybody) return answer_full(request, "there are too many clients");
  if (crowd == Lobby::Crowd::this_address) {
    set_header(request, "Retry-After", "10");
    return answer_text(request, too_many_requests, "Too many requests: too many WebSockets from this address");
  }
  soup_message_headers_remove(soup_server_message_get_response_headers(request), "Connection");
  note_visitor(request, visitor);
}

void Endpoint::route(SoupServerMessage* request, std::string_view path, GHashTable* query) {
  // What comes after a request to upgrade is no HTTP, and not looked at: a refusal must end the connection.
  if (is_upgrade(request)) set_header(request, "Connection", "close");
  const auto visitor = guard_.admit(request, query);
  if (!visitor) return;
  if (wants_websocket(request, path)) return upgrade(request, *visitor);
  const std::string_view method = soup_server_message_get_method(request);
  if (method == "GET" || method == "HEAD") return get(request, *visitor, path, query);
  set_header(request, "Allow", "GET, HEAD");
  answer_text(request, SOUP_STATUS_METHOD_NOT_ALLOWED, "Method not allowed: GET and HEAD are");
}

void Endpoint::get(SoupServerMessage* request, const Visitor& visitor, std::string_view path, GHashTable* query) {
  constexpr std::string_view stream = "/stream/";
  if (path == "/health") return answer(request, health(facts_()));
  if (path == "/metrics") return get_metrics(request, visitor);
  if (path == "/info") return answer(request, info(facts_()));
  if (path == "/stream/status") return get_stream_status(request, visitor);
  if (path == "/stream/latest.mp3") return get_latest_mp3(request, visitor);
  if (path.starts_with(stream) && path.ends_with(mp3_ending) && path.size() > stream.size() + mp3_ending.size()) {
    path.remove_prefix(stream.size());
    path.remove_suffix(mp3_ending.size());
    return get_mp3(request, visitor, std::string(path));
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

void Endpoint::get_metrics(SoupServerMessage* request, const Visitor& visitor) {
  if (!visitor.grant.may_administrate && !visitor.is_local) return guard_.forbid(request, visitor);
  soup_message_headers_append(soup_server_message_get_response_headers(request), "Vary", "Accept");
  answer(request, metrics(facts_(), header(request, "Accept")));
}

void Endpoint::get_stream_status(SoupServerMessage* request, const Visitor& visitor) {
  if (!visitor.grant.may_listen()) return guard_.forbid(request, visitor);
  auto facts = facts_();
  std::erase_if(facts.active_streams, [&](const auto& stream) { return !visitor.grant.may_listen_to(stream.id); });
  answer(request, stream_status(facts));
}

void Endpoint::get_ca(SoupServerMessage* request) {
  ca_pem_.empty() ? answer_text(request, SOUP_STATUS_NOT_FOUND, "This server has no certificate authority of its own")
                  : answer(request, SOUP_STATUS_OK, "application/x-x509-ca-cert", ca_pem_);
}

/// The response lasts as long as the listener, but not longer than his token.
bool Endpoint::admit_listener(SoupServerMessage* request, const Visitor& visitor) {
  if (radio_.listener_count() >= limits_.mp3_listeners) {
    answer_full(request, "there are too many listeners");
    return false;
  }
  auto& connection = Door::connection_of(request);
  connection.keep();
  if (visitor.grant.expires) connection.end_at(*visitor.grant.expires);
  return true;
}

void Endpoint::get_mp3(SoupServerMessage* request, const Visitor& visitor, const std::string& stream_id) {
  if (!visitor.grant.may_listen_to(stream_id)) return guard_.forbid(request, visitor);
  const auto stream = registry_.find(stream_id);
  if (!stream) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  if (is_head(request)) return answer_mp3_head(request);
  if (admit_listener(request, visitor)) radio_.listen(request, stream);
}

void Endpoint::get_latest_mp3(SoupServerMessage* request, const Visitor& visitor) {
  // Who waits hears whatever comes next.
  if (!visitor.grant.may_listen_to_all) return guard_.forbid(request, visitor);
  const auto stream = registry_.newest();
  if (!stream && !is_media_player(request)) return answer_page(request, "waiting.html");
  if (is_head(request)) return answer_mp3_head(request);
  if (!admit_listener(request, visitor)) return;
  stream ? radio_.listen(request, stream) : radio_.hold(request);
}

}  // namespace voicecast
