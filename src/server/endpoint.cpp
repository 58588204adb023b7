// SPDX-License-Identifier: MIT
#include "server/endpoint.hpp"

#include <sys/socket.h>

#include <array>
#include <optional>

#include "access/refusal_log.hpp"
#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "http/pages.hpp"
#include "http/public_url.hpp"
#include "http/qr.hpp"
#include "http/request_connection.hpp"
#include "status/metrics.hpp"
#include "status/status.hpp"

namespace voicecast {
namespace {

constexpr std::string_view graph_folder = "/debug/pipelines/";
constexpr const char* methods = "GET, HEAD, OPTIONS";

// RFC 9110 §15.5.22 and RFC 6585 §4; libsoup defines no names
constexpr unsigned upgrade_required = 426, too_many_requests = 429;

bool is_upgrade(SoupServerMessage* request) {
  return g_ascii_strcasecmp(header(request, "Upgrade").c_str(), "websocket") == 0;
}

bool wants_websocket(SoupServerMessage* request, std::string_view path) {
  return (path == "/ws" || path == "/") && is_upgrade(request);
}

/// Whether the token allows this WHEP address. A session's address is a secret and needs no further check.
bool may_listen_at(const Requester& requester, std::string_view whep) {
  return whep.empty() || MediaEndpoint::is_session_path(whep) ? requester.grant.may_listen()
                                                              : requester.may_hear(whep.substr(1));
}

/// The Requester of an upgrade request, until the WebSocket is open.
constexpr const char* requester_key = "voicecast-requester";

void note_requester(SoupServerMessage* request, const Requester& requester) {
  g_object_set_data_full(G_OBJECT(request), requester_key, new Requester(requester),
                         [](gpointer p) { delete static_cast<Requester*>(p); });
}

Client client_of(SoupServerMessage* request) {
  const auto* requester = static_cast<Requester*>(g_object_get_data(G_OBJECT(request), requester_key));
  const std::weak_ptr connection = connection_of(request);
  return {client_name(request), requester->key, requester->grant,
          [connection] {
            const auto alive = connection.lock();
            return alive ? alive->bytes_sent() : 0;
          },
          [connection] {
            if (const auto alive = connection.lock()) alive->cut();
          }};
}

/// Gives libsoup one end of a socket pair to listen on, and returns the other end. Without a listening socket
/// libsoup 3.2 closes every connection after its first response (request_finished() in soup-server.c).
GPtr<GSocket> let_listen(SoupServer* server) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return {};
  const auto idle = GPtr<GSocket>::adopt(g_socket_new_from_fd(ends[0], nullptr));
  soup_server_listen_socket(server, idle.get(), SoupServerListenOptions{}, nullptr);
  return GPtr<GSocket>::adopt(g_socket_new_from_fd(ends[1], nullptr));
}

}  // namespace

Endpoint::Endpoint(Lobby& lobby, Radio& radio, StreamRegistry& registry, Whip& whip, Whep& whep, Guard guard,
                   const Limits& limits, RefusalCounts& refusals, BurstConfig burst, std::function<Facts()> facts)
    : lobby_(lobby),
      whip_(whip),
      whep_(whep),
      guard_(std::move(guard)),
      refusals_(refusals),
      audio_handler_(radio, registry, guard_, limits, refusals, burst),
      early_(registry),
      facts_(std::move(facts)),
      graphs_(registry),
      server_(GPtr<SoupServer>::adopt(soup_server_new("server-header", "voicecast", nullptr))),
      other_end_(let_listen(server_.get())),
      acceptor_(limits, refusals,
                [this](TcpConnection& connection, const GPtr<GIOStream>& stream) { hand_over(connection, stream); }) {
  // A compressed message of 256 KiB can inflate to 256 MiB; signaling messages are small.
  soup_server_remove_websocket_extension(server_.get(), SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_early_handler(
      server_.get(), nullptr,
      [](SoupServer*, SoupServerMessage* request, const char* path, GHashTable* query, gpointer self) noexcept {
        static_cast<Endpoint*>(self)->route_early(request, path, query);
      },
      this, nullptr);
  soup_server_add_handler(
      server_.get(), nullptr,
      [](SoupServer*, SoupServerMessage* request, const char* path, GHashTable* query, gpointer self) noexcept {
        static_cast<Endpoint*>(self)->route(request, path, query);
      },
      this, nullptr);
  // libsoup calls this handler only for requests that route() left unanswered.
  soup_server_add_websocket_handler(
      server_.get(), nullptr, nullptr, nullptr,
      [](SoupServer*, SoupServerMessage* request, const char*, SoupWebsocketConnection* websocket,
         gpointer self) noexcept {
        static_cast<Endpoint*>(self)->lobby_.welcome(GPtr<SoupWebsocketConnection>::share(websocket),
                                                     client_of(request));
      },
      this, nullptr);
}

Endpoint::~Endpoint() { stop(); }

Result<std::uint16_t> Endpoint::listen(const std::string& address, std::uint16_t port, Scheme scheme) {
  return acceptor_.listen(address, port, scheme);
}

void Endpoint::hand_over(TcpConnection& connection, const GPtr<GIOStream>& stream) {
  soup_server_accept_iostream(server_.get(), stream.get(), connection.local_address(), connection.remote_address(),
                              nullptr);
}

void Endpoint::stop() {
  acceptor_.close();
  soup_server_disconnect(server_.get());
}

void Endpoint::on_limits_changed() {
  acceptor_.on_limits_changed();
  guard_.on_limits_changed();
}

Status Endpoint::show_certificate(const ServerIdentity& identity) {
  auto shown = TlsIdentity::read(identity.pem);
  if (!shown) return shown.error();
  acceptor_.show(std::move(*shown));
  ca_pem_ = identity.ca_pem;
  return success();
}

/// Leaves the request to libsoup's WebSocket handler, or answers it with an error.
void Endpoint::upgrade(SoupServerMessage* request, const Requester& requester) {
  GError* raw = nullptr;
  if (!soup_websocket_server_check_handshake(request, nullptr, nullptr, nullptr, &raw)) {
    refusals_.add(RefusalReason::malformed);
    return answer_text(request, SOUP_STATUS_BAD_REQUEST, take_error(raw, "Bad request").message);
  }
  if (guard_.lacks_token(request, requester)) return;
  const auto crowd = lobby_.crowd(requester.key);
  if (crowd != Lobby::Crowd::none) {
    refusals_.add(RefusalReason::websockets);
    log_refusal(RefusalReason::websockets, requester.key, "there are too many WebSockets");
  }
  if (crowd == Lobby::Crowd::everybody) return refuse_for_now(request, "there are too many clients", usual_wait);
  if (crowd == Lobby::Crowd::this_address) {
    set_header(request, "Retry-After", "10");
    return answer_text(request, too_many_requests, "Too many requests: close a WebSocket of this address first");
  }
  soup_message_headers_remove(soup_server_message_get_response_headers(request), "Connection");
  note_requester(request, requester);
}

/// Answers a refused request with Expect: 100-continue before its body is sent (RFC 9110 §10.1.1). libsoup drops state
/// set here when it sends 100, so route() checks again.
void Endpoint::route_early(SoupServerMessage* request, std::string_view path, GHashTable* query) {
  if (!has_header(request, "Expect")) return;
  set_header(request, "Connection", "close");
  const auto requester = guard_.admit(request, query);
  if (!requester) return;
  const bool is_refused = (path_below(path, whip_path) && !requester->grant.may_publish) ||
                          (path_below(path, whep_path) && !may_listen_at(*requester, *path_below(path, whep_path)));
  if (is_refused) return guard_.forbid(request, *requester);
  soup_message_headers_remove(soup_server_message_get_response_headers(request), "Connection");
}

void Endpoint::route(SoupServerMessage* request, std::string_view path, GHashTable* query) {
  // Bytes after an upgrade request are not HTTP and not parsed: an error response must close the connection.
  if (is_upgrade(request)) set_header(request, "Connection", "close");
  const auto requester = guard_.admit(request, query);
  if (!requester) return;
  if (wants_websocket(request, path)) return upgrade(request, *requester);
  if (const auto rest = path_below(path, whip_path))
    return enter(whip_, request, *requester, *rest, requester->grant.may_publish);
  if (const auto rest = path_below(path, whep_path)) return enter_whep(request, *requester, *rest);
  const std::string_view method = soup_server_message_get_method(request);
  if (method == "GET" || method == "HEAD") return get(request, *requester, path, query);
  if (method == "OPTIONS") return answer_options(request, methods, "Authorization, Icy-MetaData, Range");
  set_header(request, "Allow", methods);
  answer_text(request, SOUP_STATUS_METHOD_NOT_ALLOWED, "Method not allowed: use GET or HEAD");
}

/// Preflights need no permission: browsers send no token with them (RFC 9725 §4.7).
void Endpoint::enter(MediaEndpoint& endpoint, SoupServerMessage* request, const Requester& requester,
                     std::string_view path, bool is_allowed) {
  MediaEndpoint::expose_headers(request);
  if (g_str_equal(soup_server_message_get_method(request), SOUP_METHOD_OPTIONS))
    return MediaEndpoint::answer_options(request, path);
  if (!is_allowed) return guard_.forbid(request, requester);
  endpoint.serve(request, requester, path);
}

/// An offer for a stream whose sender is connecting waits for the stream.
void Endpoint::enter_whep(SoupServerMessage* request, const Requester& requester, std::string_view path) {
  const bool is_allowed = may_listen_at(requester, path);
  auto enter_now = [this, request, requester, path = std::string(path), is_allowed] {
    enter(whep_, request, requester, path, is_allowed);
  };
  const bool is_offer = g_str_equal(soup_server_message_get_method(request), SOUP_METHOD_POST);
  if (!is_offer || !is_allowed || path.empty() || MediaEndpoint::is_session_path(path)) return enter_now();
  early_.serve_in_time(request, std::string(path.substr(1)), std::move(enter_now));
}

/// A request for a stream's id waits for a connecting sender; a listener of "latest" gets silence until a stream
/// starts.
void Endpoint::get_audio(SoupServerMessage* request, const Requester& requester, std::string_view file,
                         GHashTable* query) {
  const std::string name(file.substr(0, file.rfind('.')));
  if (name == "latest" || !requester.may_hear(name)) return audio_handler_.serve(request, requester, file, query);
  const std::shared_ptr<GHashTable> kept(query ? g_hash_table_ref(query) : nullptr, [](GHashTable* table) {
    if (table) g_hash_table_unref(table);
  });
  early_.serve_in_time(request, name, [this, request, requester, file = std::string(file), kept] {
    audio_handler_.serve(request, requester, file, kept.get());
  });
}

void Endpoint::get(SoupServerMessage* request, const Requester& requester, std::string_view path, GHashTable* query) {
  if (path == "/health") return answer(request, health(facts_()));
  if (path == "/metrics") return get_metrics(request, requester);
  if (path == "/info") return answer(request, info(facts_(), direct_url(request, requester.is_forwarded)));
  if (path == "/stream/status") return get_stream_status(request, requester);
  if (path.starts_with(audio_folder)) return get_audio(request, requester, path.substr(audio_folder.size()), query);
  if (path.starts_with(graph_folder)) return get_graph(request, requester, path.substr(graph_folder.size()));
  if (path == "/ca.crt") return get_ca(request);
  if (path == "/qr.svg") return get_qr(request, query);
  if (path == "/ws") return answer_text(request, upgrade_required, "Upgrade required: use a WebSocket");
  answer_page(request, path == "/" ? "index.html" : path.substr(1), guard_.frame_ancestors(request));
}

/// QR codes need no permission and take milliseconds of the main loop each: all clients share a rate limit.
void Endpoint::get_qr(SoupServerMessage* request, GHashTable* query) {
  if (qr_codes_.refuse("", std::chrono::steady_clock::now()))
    return refuse_for_now(request, "too many requests for QR codes", std::chrono::seconds(1));
  const char* text = query_value(query, "text");
  const auto svg = qr_svg(text ? text : "");
  if (svg) return answer(request, SOUP_STATUS_OK, "image/svg+xml", *svg);
  answer_text(request, SOUP_STATUS_BAD_REQUEST, "Bad request: use ?text=… with 1 to 512 bytes");
}

void Endpoint::get_metrics(SoupServerMessage* request, const Requester& requester) {
  if (!requester.may_operate()) return guard_.forbid(request, requester);
  soup_message_headers_append(soup_server_message_get_response_headers(request), "Vary", "Accept");
  answer(request, metrics(facts_(), header(request, "Accept")));
}

/// Graphs are for operators: they show internals and cost CPU time.
void Endpoint::get_graph(SoupServerMessage* request, const Requester& requester, std::string_view file) {
  if (!requester.may_operate()) return guard_.forbid(request, requester);
  graphs_.serve(request, file);
}

void Endpoint::get_stream_status(SoupServerMessage* request, const Requester& requester) {
  if (!requester.grant.may_listen()) return guard_.forbid(request, requester);
  auto facts = facts_();
  std::erase_if(facts.active_streams, [&](const auto& stream) { return !requester.grant.may_listen_to(stream.id); });
  answer(request, stream_status(facts));
}

void Endpoint::get_ca(SoupServerMessage* request) {
  if (ca_pem_.empty())
    return answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found: this server has no certificate authority");
  answer(request, SOUP_STATUS_OK, "application/x-x509-ca-cert", ca_pem_);
}

}  // namespace voicecast
