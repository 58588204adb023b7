// SPDX-License-Identifier: MIT
#include "http/answer.hpp"

#include "base/json.hpp"
#include "http/media_path.hpp"

namespace voicecast {
namespace {

const char* phrase_of(unsigned status) {
  switch (status) {  // RFC 6585; unknown to libsoup
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    default:
      return soup_status_get_phrase(status);
  }
}

/// A problem document (RFC 9457). Its type is about:blank, the default: the status names the kind of problem.
std::string problem(unsigned status, const std::string& words) {
  const auto object = GPtr<JsonObject>::adopt(json_object_new());
  json_object_set_string_member(object.get(), "title", phrase_of(status));
  json_object_set_int_member(object.get(), "status", status);
  json_object_set_string_member(object.get(), "detail", words.c_str());
  const auto root = GPtr<JsonNode>::adopt(json_node_init_object(json_node_alloc(), object.get()));
  return GUnique<char>(json_to_string(root.get(), FALSE)).get();
}

}  // namespace

std::optional<std::string> optional_header(SoupServerMessage* request, const char* name) {
  const char* value = soup_message_headers_get_list(soup_server_message_get_request_headers(request), name);
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string header(SoupServerMessage* request, const char* name) { return optional_header(request, name).value_or(""); }

bool has_header(SoupServerMessage* request, const char* name) {
  return soup_message_headers_get_one(soup_server_message_get_request_headers(request), name) != nullptr;
}

const char* query_value(GHashTable* query, const char* name) {
  return query ? static_cast<const char*>(g_hash_table_lookup(query, name)) : nullptr;
}

bool has_media_type(SoupServerMessage* request, const char* type) {
  const char* sent = soup_message_headers_get_content_type(soup_server_message_get_request_headers(request), nullptr);
  return sent && g_ascii_strcasecmp(sent, type) == 0;
}

std::string body_of(SoupServerMessage* request) {
  const auto bytes = GPtr<GBytes>::adopt(soup_message_body_flatten(soup_server_message_get_request_body(request)));
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.get(), &size));
  return data ? std::string(data, size) : "";
}

std::string client_name(SoupServerMessage* request) {
  const auto* address = G_INET_SOCKET_ADDRESS(soup_server_message_get_remote_address(request));
  const char* host = soup_server_message_get_remote_host(request);
  return std::string(host ? host : "?") + ":" +
         std::to_string(address ? g_inet_socket_address_get_port(const_cast<GInetSocketAddress*>(address)) : 0);
}

void set_header(SoupServerMessage* request, const char* name, const std::string& value) {
  soup_message_headers_replace(soup_server_message_get_response_headers(request), name, value.c_str());
}

void answer(SoupServerMessage* request, unsigned status, const char* content_type, GBytes* body) {
  soup_server_message_set_status(request, status, phrase_of(status));
  // libsoup would apply the requested ranges to the response, and copy it for each of a thousand ranges
  // (CVE-2025-32907).
  soup_message_headers_remove(soup_server_message_get_request_headers(request), "Range");
  auto* headers = soup_server_message_get_response_headers(request);
  soup_message_headers_replace(headers, "Cache-Control", "no-cache, no-store");
  soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_set_content_type(headers, content_type, nullptr);
  auto* response = soup_server_message_get_response_body(request);
  soup_message_body_append_bytes(response, body);
  soup_message_body_complete(response);
}

void answer(SoupServerMessage* request, unsigned status, const char* content_type, const std::string& text) {
  answer(request, status, content_type, GPtr<GBytes>::adopt(g_bytes_new(text.data(), text.size())).get());
}

void answer(SoupServerMessage* request, const Document& document) {
  answer(request, document.status, document.content_type.c_str(), document.body);
}

void answer_text(SoupServerMessage* request, unsigned status, const std::string& text) {
  answer(request, status, "text/plain; charset=utf-8", text);
}

void answer_empty(SoupServerMessage* request, unsigned status) {
  soup_server_message_set_status(request, status, phrase_of(status));
  // libsoup 3.2 closes the connection after a response without a length, without announcing it.
  if (status == SOUP_STATUS_NO_CONTENT) set_header(request, "Connection", "close");
  soup_message_body_complete(soup_server_message_get_response_body(request));
}

void answer_options(SoupServerMessage* request, const char* methods, const char* fields) {
  set_header(request, "Allow", methods);
  set_header(request, "Access-Control-Allow-Methods", methods);
  set_header(request, "Access-Control-Allow-Headers", fields);
  set_header(request, "Access-Control-Max-Age", "86400");
  answer_empty(request, SOUP_STATUS_OK);
}

void refuse(SoupServerMessage* request, unsigned status, const std::string& words) {
  if (is_media_path(g_uri_get_path(soup_server_message_get_uri(request))))
    return answer(request, status, "application/problem+json", problem(status, words));
  answer_text(request, status, words);
}

void refuse_for_now(SoupServerMessage* request, const std::string& words, std::chrono::seconds retry_after) {
  set_header(request, "Retry-After", std::to_string(retry_after.count()));
  refuse(request, SOUP_STATUS_SERVICE_UNAVAILABLE, "Service unavailable: " + words);
}

}  // namespace voicecast
