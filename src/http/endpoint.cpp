#include "http/endpoint.hpp"

#include <optional>

#include "http/accept.hpp"
#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "http/metrics.hpp"
#include "http/pages.hpp"
#include "http/playlist.hpp"
#include "http/qr.hpp"
#include "http/status.hpp"

namespace voicecast {
namespace {

constexpr std::string_view stream_folder = "/stream/";
constexpr std::string_view graph_folder = "/debug/pipelines/";

// RFC 9110 §15.5.22 and RFC 6585 §4; libsoup has no names for them
constexpr unsigned upgrade_required = 426, too_many_requests = 429;

/// Pages run our own scripts and styles only. Anybody may frame them, as Home Assistant does from an address that we do
/// not know; what is in the frame stays hidden from the page around it. The waiting page has its few lines inside.
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

/// The header of an MP3 or Opus response, which has no body for HEAD.
void answer_audio_head(SoupServerMessage* request, AudioFormat format) {
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  auto* headers = soup_server_message_get_response_headers(request);
  soup_message_headers_replace(headers, "Content-Type", media_type(format));
  soup_message_headers_replace(headers, "Cache-Control", "no-cache, no-store");
  soup_message_headers_replace(headers, "Accept-Ranges", "none");
  soup_message_headers_set_encoding(headers, SOUP_ENCODING_EOF);
}

const char* query_value(GHashTable* query, const char* name) {
  return query ? static_cast<const char*>(g_hash_table_lookup(query, name)) : nullptr;
}

/// By the address at which the client asked, which was checked.
std::string mp3_url(SoupServerMessage* request, std::string_view name) {
  auto* uri = soup_server_message_get_uri(request);
  const char* query = g_uri_get_query(uri);
  return std::string(g_uri_get_scheme(uri)) + "://" + header(request, "Host") + std::string(stream_folder) +
         std::string(name) + ".mp3" + (query ? std::string("?") + query : "");
}

/// Who asks for the latest, or follows, hears whatever comes next.
bool may_hear(const Visitor& visitor, std::string_view name) {
  return name == "latest" ? visitor.grant.may_listen_to_all : visitor.grant.may_listen_to(std::string(name));
}

/// A session's address is a secret, which is enough of a name; what its token must allow is said here.
bool may_listen_at(const Visitor& visitor, std::string_view whep) {
  return whep.empty() || MediaDoor::is_session_path(whep) ? visitor.grant.may_listen()
                                                          : may_hear(visitor, whep.substr(1));
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
  return {client_name(request), visitor->key, visitor->grant,
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

Endpoint::Endpoint(Lobby& lobby, Radio& radio, StreamRegistry& registry, Whip& whip, Whep& whep, Guard guard,
                   const Limits& limits, RefusalCounts& refusals, BurstConfig burst, std::function<Facts()> facts)
    : lobby_(lobby),
      radio_(radio),
      registry_(registry),
      whip_(whip),
      whep_(whep),
      guard_(std::move(guard)),
      limits_(limits),
      refusals_(refusals),
      burst_(burst),
      facts_(std::move(facts)),
      graphs_(registry),
      server_(GPtr<SoupServer>::adopt(soup_server_new("server-header", "voicecast", nullptr))),
      door_(server_.get(), limits, refusals) {
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

void Endpoint::on_limits_changed() {
  door_.on_limits_changed();
  guard_.on_limits_changed();
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
  if (!soup_websocket_server_check_handshake(request, nullptr, nullptr, nullptr, &raw)) {
    refusals_.add(RefusalReason::malformed);
    return answer_text(request, SOUP_STATUS_BAD_REQUEST, take_error(raw, "Bad request").message);
  }
  if (guard_.lacks_token(request, visitor)) return;
  const auto crowd = lobby_.crowd(visitor.key);
  if (crowd != Lobby::Crowd::none) refusals_.add(RefusalReason::websockets);
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
  if (const auto rest = path_below(path, whip_path))
    return enter(whip_, request, *visitor, *rest, visitor->grant.may_publish);
  if (const auto rest = path_below(path, whep_path))
    return enter(whep_, request, *visitor, *rest, may_listen_at(*visitor, *rest));
  const std::string_view method = soup_server_message_get_method(request);
  if (method == "GET" || method == "HEAD") return get(request, *visitor, path, query);
  set_header(request, "Allow", "GET, HEAD");
  answer_text(request, SOUP_STATUS_METHOD_NOT_ALLOWED, "Method not allowed: GET and HEAD are");
}

/// Browsers send no token with a preflight (RFC 9725 §4.7).
void Endpoint::enter(MediaDoor& door, SoupServerMessage* request, const Visitor& visitor, std::string_view path,
                     bool is_allowed) {
  MediaDoor::expose_headers(request);
  if (g_str_equal(soup_server_message_get_method(request), SOUP_METHOD_OPTIONS))
    return MediaDoor::answer_options(request, path);
  if (!is_allowed) return guard_.forbid(request, visitor);
  door.serve(request, visitor, path);
}

void Endpoint::get(SoupServerMessage* request, const Visitor& visitor, std::string_view path, GHashTable* query) {
  if (path == "/health") return answer(request, health(facts_()));
  if (path == "/metrics") return get_metrics(request, visitor);
  if (path == "/info") return answer(request, info(facts_()));
  if (path == "/stream/status") return get_stream_status(request, visitor);
  if (path.starts_with(stream_folder)) return get_station(request, visitor, path.substr(stream_folder.size()), query);
  if (path.starts_with(graph_folder)) return get_graph(request, visitor, path.substr(graph_folder.size()));
  if (path == "/ca.crt") return get_ca(request);
  if (path == "/qr.svg") {
    const char* text = query_value(query, "text");
    const auto svg = qr_svg(text ? text : "");
    return svg ? answer(request, SOUP_STATUS_OK, "image/svg+xml", *svg)
               : answer_text(request, SOUP_STATUS_BAD_REQUEST, "Give the text as ?text=…, up to 512 bytes");
  }
  if (path == "/ws") return answer_text(request, upgrade_required, "This is the address for a WebSocket");
  answer_page(request, path == "/" ? "index.html" : path.substr(1));
}

void Endpoint::get_metrics(SoupServerMessage* request, const Visitor& visitor) {
  if (!visitor.may_operate()) return guard_.forbid(request, visitor);
  soup_message_headers_append(soup_server_message_get_response_headers(request), "Vary", "Accept");
  answer(request, metrics(facts_(), header(request, "Accept")));
}

/// What the server is made of concerns nobody else, and drawing it costs something.
void Endpoint::get_graph(SoupServerMessage* request, const Visitor& visitor, std::string_view file) {
  if (!visitor.may_operate()) return guard_.forbid(request, visitor);
  graphs_.serve(request, file);
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
    refusals_.add(RefusalReason::listeners);
    answer_full(request, "there are too many listeners");
    return false;
  }
  auto& connection = Door::connection_of(request);
  connection.keep();
  if (visitor.grant.expires) connection.end_at(*visitor.grant.expires);
  return true;
}

/// NAME.mp3, NAME.opus, NAME.m3u or NAME.pls, where NAME is a stream's id or "latest".
void Endpoint::get_station(SoupServerMessage* request, const Visitor& visitor, std::string_view file,
                           GHashTable* query) {
  const auto dot = file.rfind('.');
  const auto name = file.substr(0, dot);
  const auto ending = dot == std::string_view::npos ? "" : file.substr(dot);
  if (ending == ".mp3") return get_audio(request, visitor, name, AudioFormat::mp3, query);
  if (ending == ".opus") return get_audio(request, visitor, name, AudioFormat::ogg, query);
  if (ending == ".m3u" || ending == ".pls") return get_playlist(request, visitor, name, ending == ".pls");
  answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
}

Result<Wishes> Endpoint::wishes_of(SoupServerMessage* request, GHashTable* query) const {
  Wishes wishes;
  wishes.speaks_icy = header(request, "Icy-MetaData") == "1";
  const char* follow = query_value(query, "follow");
  wishes.follows = follow && g_str_equal(follow, "1");
  wishes.burst_bytes = burst_.bytes.value_or(
      usual_burst_bytes(header(request, "User-Agent"), has_header(request, "Icy-MetaData"), burst_.bitrate_kbps));
  if (const char* burst = query_value(query, "burst")) {
    const auto bytes = parse_burst(burst);
    if (!bytes) return Error{ErrorCode::failed, "Give the burst in bytes as ?burst=BYTES, 0 to 524288"};
    wishes.burst_bytes = *bytes;
  }
  return wishes;
}

void Endpoint::get_audio(SoupServerMessage* request, const Visitor& visitor, std::string_view name, AudioFormat format,
                         GHashTable* query) {
  if (!may_hear(visitor, name)) return guard_.forbid(request, visitor);
  const bool is_latest = name == "latest";
  const auto stream = is_latest ? registry_.newest() : registry_.find(std::string(name));
  if (!stream && !is_latest) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  const auto wishes = wishes_of(request, query);
  if (!wishes) return answer_text(request, SOUP_STATUS_BAD_REQUEST, wishes.error().message);
  if ((*wishes).follows && !visitor.grant.may_listen_to_all) return guard_.forbid(request, visitor);
  if (!stream && !is_media_player(request) && !(*wishes).follows) return answer_page(request, "waiting.html");
  if (!stream && format == AudioFormat::ogg) {  // there is no silence without an encoder
    soup_message_headers_replace(soup_server_message_get_response_headers(request), "Retry-After", "2");
    return answer_text(request, SOUP_STATUS_SERVICE_UNAVAILABLE, "No audio stream available");
  }
  if (is_head(request)) return answer_audio_head(request, format);
  soup_message_headers_replace(soup_server_message_get_response_headers(request), "Access-Control-Expose-Headers",
                               "icy-metaint, icy-name, icy-br");
  if (!admit_listener(request, visitor)) return;
  stream ? radio_.listen(request, stream, format, *wishes) : radio_.hold(request, *wishes);
}

void Endpoint::get_playlist(SoupServerMessage* request, const Visitor& visitor, std::string_view name, bool is_pls) {
  if (!may_hear(visitor, name)) return guard_.forbid(request, visitor);
  const auto stream = name == "latest" ? registry_.newest() : registry_.find(std::string(name));
  if (!stream && name != "latest") return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  const auto title = stream && !stream->name().empty() ? stream->name() : "voicecast";
  const auto url = mp3_url(request, name);
  is_pls ? answer(request, SOUP_STATUS_OK, "audio/x-scpls", pls(url, title))
         : answer(request, SOUP_STATUS_OK, "audio/x-mpegurl", m3u(url, title));
}

}  // namespace voicecast
