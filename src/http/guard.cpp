// SPDX-License-Identifier: MIT
#include "http/guard.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "access/client_address.hpp"
#include "access/refusal_log.hpp"
#include "base/gio.hpp"
#include "connection/field_text.hpp"
#include "http/accept.hpp"
#include "http/answer.hpp"
#include "http/media_path.hpp"
#include "http/pages.hpp"

namespace voicecast {
namespace {

/// The minimum interval between reads of the local network's names.
constexpr std::chrono::seconds names_last{10};

constexpr unsigned too_many_requests = 429;  // RFC 6585 §4; libsoup has no constant for it

AddressBytes peer_of(SoupServerMessage* request) {
  auto* address =
      g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(soup_server_message_get_remote_address(request)));
  const auto* bytes = g_inet_address_to_bytes(address);
  return {bytes, bytes + g_inet_address_get_native_size(address)};
}

bool is_loopback(const AddressBytes& address) {
  static const auto v4 = *parse_address_range("127.0.0.0/8"), v6 = *parse_address_range("::1");
  return is_in(address, v4) || is_in(address, v6);
}

/// Whether any header field shows that a proxy forwarded the request.
bool is_forwarded(SoupServerMessage* request) {
  constexpr std::array signs{"X-Forwarded-For",    "X-Forwarded-Host",   "X-Forwarded-Proto",
                             "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Ingress-Path",
                             "X-Real-IP",          "Forwarded",          "Via"};
  return std::ranges::any_of(signs, [request](const char* name) { return has_header(request, name); });
}

/// The token in "Authorization: Bearer …", with one space or several (RFC 9110 §11.4), or in "?token=…".
std::optional<std::string> token_of(SoupServerMessage* request, GHashTable* query) {
  constexpr std::string_view scheme = "Bearer ";
  const auto authorization = header(request, "Authorization");
  if (authorization.size() > scheme.size() &&
      g_ascii_strncasecmp(authorization.c_str(), scheme.data(), scheme.size()) == 0)
    return std::string(without_field_space(std::string_view(authorization).substr(scheme.size())));
  const auto* text = query ? static_cast<const char*>(g_hash_table_lookup(query, "token")) : nullptr;
  return text ? std::optional<std::string>(text) : std::nullopt;
}

RateLimit::Rate request_rate(const Limits& limits, bool is_local) {
  const auto a_minute = limits.requests_per_minute.of(is_local);
  return {a_minute, RateLimit::Seconds(60.0 / std::max(1U, a_minute))};
}

constexpr const char* counted_key = "voicecast-counted";

/// A request that waits for 100 before its body is admitted twice, and is one request.
bool is_counted(SoupServerMessage* request) { return g_object_get_data(G_OBJECT(request), counted_key) != nullptr; }

void answer_unauthorized(SoupServerMessage* request, const char* challenge, const std::string& words) {
  set_header(request, "WWW-Authenticate", challenge);
  refuse(request, SOUP_STATUS_UNAUTHORIZED, "Unauthorized: " + words);
}

/// Whether the client prefers an HTML page, as a browser does.
bool prefers_a_page(SoupServerMessage* request) {
  const auto accept = header(request, "Accept");
  return quality_of(accept, "text/html") > quality_of(accept, "text/plain");
}

void answer_refused_origin(SoupServerMessage* request, const OriginRefusal& refusal) {
  const auto setting = refusal.origins.empty() ? "" : "origins=" + refusal.origins;
  if (prefers_a_page(request) && !is_media_path(g_uri_get_path(soup_server_message_get_uri(request))))
    return answer_refusal_page(request, refusal.words, setting);
  refuse(request, SOUP_STATUS_FORBIDDEN,
         "Forbidden: " + refusal.words +
             (setting.empty() ? "" : ". To allow it, set " + setting + " in the group [voicecast] of the key file"));
}

}  // namespace

Guard::Guard(OriginPolicy origins, const Limits& limits, std::optional<TokenVerifier> verifier, RefusalCounts& refusals)
    : origins_(std::move(origins)),
      names_(current_local_names()),
      named_at_(std::chrono::steady_clock::now()),
      limits_(limits),
      verifier_(std::move(verifier)),
      requests_(request_rate(limits, false), request_rate(limits, true)),
      refusals_(refusals) {}

void Guard::change(OriginPolicy origins, std::optional<TokenVerifier> verifier) {
  origins_ = std::move(origins);
  verifier_ = std::move(verifier);
}

void Guard::on_limits_changed() { requests_.change(request_rate(limits_, false), request_rate(limits_, true)); }

/// Checks the Host header (against DNS rebinding) and the Origin header before anything else, so that a page on the
/// public Internet cannot listen to a home. Adds the CORS header for an allowed page of another origin. Responds to a
/// rejected request.
bool Guard::is_page_allowed(SoupServerMessage* request) {
  const auto host = optional_header(request, "Host"), origin = optional_header(request, "Origin");
  auto refusal = refuse_origin(origins_, host, origin, names_);
  // The network, with its search domain, may have come up after the server.
  if (const auto now = std::chrono::steady_clock::now(); refusal && now - named_at_ > names_last) {
    names_ = current_local_names();
    named_at_ = now;
    refusal = refuse_origin(origins_, host, origin, names_);
  }
  if (refusal) {
    answer_refused_origin(request, *refusal);
    return false;
  }
  auto* headers = soup_server_message_get_response_headers(request);
  soup_message_headers_append(headers, "Vary", "Origin");
  if (origin) soup_message_headers_replace(headers, "Access-Control-Allow-Origin", origin->c_str());
  return true;
}

std::string Guard::frame_ancestors(SoupServerMessage* request) const {
  return voicecast::frame_ancestors(origins_, header(request, "Host"), names_);
}

Requester Guard::look_at(SoupServerMessage* request) const {
  const auto peer = peer_of(request);
  const auto forwarded = optional_header(request, "X-Forwarded-For");
  const auto client = client_address(peer, forwarded, limits_.trusted_proxies);
  Requester requester;
  requester.key = counting_key(client);
  requester.is_by_proxy =
      std::ranges::any_of(limits_.trusted_proxies, [&](const AddressRange& range) { return is_in(peer, range); });
  // Through a proxy on this machine everybody looks local; and one that hands on what the client wrote into
  // X-Forwarded-For, trusted or not, would have anybody say so.
  requester.is_forwarded = is_forwarded(request);
  requester.is_local = is_loopback(peer) && !requester.is_forwarded;
  if (verifier_) requester.grant = Grant{false, false, false, {}, {}};
  return requester;
}

/// Verifies the token, if there is one. Responds to a request with an invalid token, and gives false.
bool Guard::take_token(SoupServerMessage* request, GHashTable* query, Requester& requester) const {
  const auto token = verifier_ ? token_of(request, query) : std::nullopt;
  if (!token) return true;
  auto grant = verifier_->verify(*token, std::chrono::system_clock::now());
  if (!grant) {
    answer_unauthorized(request, "Bearer error=\"invalid_token\"", grant.error().message);
    return false;
  }
  requester.grant = std::move(*grant);
  requester.has_token = true;
  return true;
}

/// The parts of a page do not count: a browser asks for thirty at once, and each costs next to nothing. Where there
/// were too many, the request is answered.
bool Guard::refuse_too_many(SoupServerMessage* request, const Requester& requester) {
  if (is_page_part(g_uri_get_path(soup_server_message_get_uri(request))) || is_counted(request)) return false;
  g_object_set_data(G_OBJECT(request), counted_key, GINT_TO_POINTER(1));
  const auto wait = requests_.refuse(requester.key, std::chrono::steady_clock::now());
  if (!wait) return false;
  const auto limit = std::to_string(limits_.requests_per_minute.of(is_local_key(requester.key)));
  refusals_.add(RefusalReason::rate);
  log_refusal(RefusalReason::rate, requester.key, "more than " + limit + " requests per minute");
  set_header(request, "Retry-After", std::to_string(static_cast<int>(std::ceil(wait->count()))));
  refuse(request, too_many_requests, "Too many requests: the limit is " + limit + " per minute and address");
  return true;
}

std::optional<Requester> Guard::admit(SoupServerMessage* request, GHashTable* query) {
  auto requester = look_at(request);
  if (refuse_too_many(request, requester)) return std::nullopt;
  if (!is_page_allowed(request)) {
    refusals_.add(RefusalReason::origin);
    log_refusal(RefusalReason::origin, requester.key,
                "Host " + header(request, "Host") + ", Origin " + header(request, "Origin"));
    return std::nullopt;
  }
  if (take_token(request, query, requester)) return requester;
  refusals_.add(RefusalReason::token);
  log_refusal(RefusalReason::token, requester.key, "invalid token");
  return std::nullopt;
}

bool Guard::lacks_token(SoupServerMessage* request, const Requester& requester) const {
  if (!verifier_ || requester.has_token) return false;
  refusals_.add(RefusalReason::token);
  answer_unauthorized(request, "Bearer", "a token is needed");
  return true;
}

void Guard::forbid(SoupServerMessage* request, const Requester& requester) const {
  if (lacks_token(request, requester)) return;
  refusals_.add(RefusalReason::grant);
  log_refusal(RefusalReason::grant, requester.key, "the token does not allow this");
  set_header(request, "WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
  refuse(request, SOUP_STATUS_FORBIDDEN, "Forbidden: the token does not allow this");
}

}  // namespace voicecast
