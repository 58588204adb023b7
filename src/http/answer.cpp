#include "http/answer.hpp"

namespace voicecast {

std::optional<std::string> optional_header(SoupServerMessage* request, const char* name) {
  const char* value = soup_message_headers_get_list(soup_server_message_get_request_headers(request), name);
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string header(SoupServerMessage* request, const char* name) { return optional_header(request, name).value_or(""); }

bool has_header(SoupServerMessage* request, const char* name) {
  return soup_message_headers_get_one(soup_server_message_get_request_headers(request), name) != nullptr;
}

void set_header(SoupServerMessage* request, const char* name, const std::string& value) {
  soup_message_headers_replace(soup_server_message_get_response_headers(request), name, value.c_str());
}

void answer(SoupServerMessage* request, unsigned status, const char* content_type, GBytes* body) {
  soup_server_message_set_status(request, status, nullptr);
  // libsoup would cut what we answer to the ranges that were asked for, and copy it for each of a thousand
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

}  // namespace voicecast
