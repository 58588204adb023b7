// SPDX-License-Identifier: MIT
#include "connection/request_head.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/ptr.hpp"
#include "base/text.hpp"
#include "connection/field_text.hpp"

namespace voicecast {
namespace {

bool is_visible(char c) { return c > ' ' && c < 127; }

bool equals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && g_ascii_strncasecmp(a.data(), b.data(), a.size()) == 0;
}

ErrorResponse bad(std::string words) { return {400, "Bad request: " + std::move(words)}; }

// The request line

/// The text with the percent-encoding decoded; nothing if that is invalid or encodes a NUL (RFC 3986 §2.1).
std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !g_ascii_isxdigit(text[i + 1]) || !g_ascii_isxdigit(text[i + 2])) return std::nullopt;
    const char c = static_cast<char>(g_ascii_xdigit_value(text[i + 1]) * 16 + g_ascii_xdigit_value(text[i + 2]));
    if (c == '\0') return std::nullopt;
    plain += c;
    i += 2;
  }
  return plain;
}

bool goes_up(std::string_view path) { return path.find("/../") != std::string_view::npos || path.ends_with("/.."); }

std::optional<ErrorResponse> check_target(std::string_view target) {
  const bool has_known_form =
      target.starts_with('/') || target.starts_with("http://") || target.starts_with("https://");
  if (!has_known_form || !std::ranges::all_of(target, is_visible)) return bad("invalid request target");
  if (!unescaped(target)) return bad("broken percent-encoding in the request target");
  const auto path = unescaped(target.substr(0, target.find('?')));
  // Browsers do not send the fragment.
  if (goes_up(*path) || target.find('#') != std::string_view::npos) return bad("invalid request target");
  return std::nullopt;
}

std::optional<ErrorResponse> read_request_line(std::string_view line, RequestHead& head) {
  if (line.size() > max_request_line_bytes) return ErrorResponse{414, "The request target is too long: 8 KiB at most"};
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("the first line is not METHOD TARGET HTTP/1.1");
  const auto method = line.substr(0, first), version = line.substr(last + 1);
  constexpr std::size_t max_method = 20;
  if (!is_token(method) || method.size() > max_method) return bad("invalid method");
  head.target = line.substr(first + 1, last - first - 1);
  head.is_head_request = method == "HEAD";
  if (auto error = check_target(head.target)) return error;
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  return version.starts_with("HTTP/") ? ErrorResponse{505, "HTTP version not supported: use 1.1 or 1.0"}
                                      : bad("the first line is not METHOD TARGET HTTP/1.1");
}

// The fields

struct Field {
  std::string_view name;
  std::string value;
};
using Fields = std::vector<Field>;

/// Interprets invalid UTF-8 as Latin-1, as old programs send it: libsoup 3.2 has had bugs with invalid UTF-8.
std::string as_utf8(std::string_view value) {
  const auto size = static_cast<gssize>(value.size());
  if (g_utf8_validate(value.data(), size, nullptr)) return std::string(value);
  const GUnique<char> text(g_convert(value.data(), size, "UTF-8", "ISO-8859-1", nullptr, nullptr, nullptr));
  return text ? text.get() : "";
}

/// RFC 9110 §5.5: visible text, spaces and tabs.
bool is_field_value(std::string_view value) {
  return std::ranges::none_of(value, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 127; });
}

std::optional<Field> read_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto name = line.substr(0, colon), value = without_field_space(line.substr(colon + 1));
  if (!is_token(name) || !is_field_value(value)) return std::nullopt;
  return Field{name, as_utf8(value)};
}

std::size_t count(const Fields& fields, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields, [&](const Field& field) { return equals(field.name, name); }));
}

std::string_view value_of(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::find_if(fields, [&](const Field& field) { return equals(field.name, name); });
  return found == fields.end() ? std::string_view() : found->value;
}

/// Fields that may occur once: of two values, programs may use different ones.
constexpr std::array once = {"Host",          "Content-Length",        "Content-Type",      "Expect",
                             "Authorization", "Sec-WebSocket-Version", "Sec-WebSocket-Key", "Transfer-Encoding"};

std::optional<ErrorResponse> read_length(const Fields& fields, RequestHead& head) {
  if (!count(fields, "Content-Length")) return std::nullopt;
  const auto length = value_of(fields, "Content-Length");
  if (length.empty() || !std::ranges::all_of(length, [](char c) { return g_ascii_isdigit(c); }))
    return bad("Content-Length is not a number");
  const auto bytes = parse_number<std::size_t>(length);
  if (!bytes || *bytes > max_body_bytes) return ErrorResponse{413, "The body is too large: 64 KiB at most"};
  head.body_bytes = *bytes;
  return std::nullopt;
}

/// RFC 9112 §6.1: with a length, or in HTTP/1.0, it is an attempt at request smuggling.
std::optional<ErrorResponse> read_coding(const Fields& fields, RequestHead& head, bool is_http_1_0) {
  if (!count(fields, "Transfer-Encoding")) return std::nullopt;
  if (!equals(value_of(fields, "Transfer-Encoding"), "chunked"))
    return ErrorResponse{501, "Not implemented: use the transfer encoding chunked"};
  if (is_http_1_0 || count(fields, "Content-Length")) return bad("Transfer-Encoding with Content-Length or HTTP/1.0");
  head.framing = Framing::chunked;
  return std::nullopt;
}

/// Upgrades to other protocols are ignored, as RFC 9110 §7.8 permits: Java and curl offer HTTP/2 with a body.
bool names_websocket(const Fields& fields) {
  return std::ranges::any_of(fields, [](const auto& field) {
    return equals(field.name, "Upgrade") && lower(field.value).find("websocket") != std::string::npos;
  });
}

std::optional<ErrorResponse> read_fields(const Fields& fields, RequestHead& head, bool is_http_1_0) {
  for (const auto* name : once)
    if (count(fields, name) > 1) return bad(std::string(name) + " more than once");
  if (auto error = read_length(fields, head)) return error;
  if (auto error = read_coding(fields, head, is_http_1_0)) return error;
  const bool has_body = head.body_bytes > 0 || head.framing == Framing::chunked;
  if (names_websocket(fields) && has_body) return bad("an upgrade with a body");
  if (count(fields, "Expect") && !equals(value_of(fields, "Expect"), "100-continue"))
    return ErrorResponse{417, "Expectation failed: use 100-continue or none"};
  head.host = value_of(fields, "Host");
  return std::nullopt;
}

/// Expect: 100-continue has no meaning without a body, and is ignored in HTTP/1.0 (RFC 9110 §10.1.1).
std::string canonical(std::string_view request_line, const Fields& fields, const RequestHead& head) {
  const bool may_wait =
      (head.body_bytes > 0 || head.framing == Framing::chunked) && !request_line.ends_with("HTTP/1.0");
  std::string text = std::string(request_line) + "\r\n";
  for (const auto& field : fields)
    if (may_wait || !equals(field.name, "Expect")) text += std::string(field.name) + ": " + field.value + "\r\n";
  return text + "\r\n";
}

/// The lines before the empty one; nothing if CRLF and LF are mixed.
std::optional<std::vector<std::string_view>> lines_of(std::string_view head) {
  const auto first_end = head.find('\n');
  const bool is_crlf = first_end != head.npos && first_end > 0 && head[first_end - 1] == '\r';
  std::vector<std::string_view> lines;
  while (!head.empty()) {
    auto line = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(head.size(), line.size() + 1));
    if (line.ends_with('\r') != is_crlf) return std::nullopt;
    if (is_crlf) line.remove_suffix(1);
    if (line.empty()) break;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::variant<RequestHead, ErrorResponse> check_head(std::string_view text) {
  const auto lines = lines_of(text);
  if (!lines) return bad("lines must end with CR LF");
  if (lines->empty()) return bad("the first line is missing");
  RequestHead head;
  if (auto error = read_request_line(lines->front(), head)) return *error;
  if (lines->size() > max_header_fields + 1) return ErrorResponse{431, "Too many header fields: 100 at most"};
  Fields fields;
  for (const auto line : std::span(*lines).subspan(1)) {
    auto field = read_field(line);
    if (!field) return bad("a header field is not NAME: VALUE");
    fields.push_back(std::move(*field));
  }
  if (auto error = read_fields(fields, head, lines->front().ends_with("HTTP/1.0"))) return *error;
  head.text = canonical(lines->front(), fields, head);
  return head;
}

}  // namespace voicecast
