#include "http/request_gate.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "glib/text.hpp"
#include "http/field_text.hpp"

namespace voicecast {
namespace {

constexpr std::string_view line_end = "\r\n", head_end = "\r\n\r\n";

bool is_visible(char c) { return c > ' ' && c < 127; }

bool equals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && g_ascii_strncasecmp(a.data(), b.data(), a.size()) == 0;
}

Refusal bad(std::string words) { return {400, "Bad request: " + std::move(words)}; }

// The request line

/// The text without its percent-encoding; nothing where that is broken or hides a NUL (RFC 3986 §2.1).
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

std::optional<Refusal> check_target(std::string_view target) {
  const bool has_known_form =
      target.starts_with('/') || target.starts_with("http://") || target.starts_with("https://");
  if (!has_known_form || !std::ranges::all_of(target, is_visible)) return bad("that is no address of a page");
  if (!unescaped(target)) return bad("broken percent-encoding in the address");
  const auto path = unescaped(target.substr(0, target.find('?')));
  // Nothing here has a fragment, which browsers keep to themselves.
  if (goes_up(*path) || target.find('#') != std::string_view::npos) return bad("that is no address of a page");
  return std::nullopt;
}

std::optional<Refusal> check_request_line(std::string_view line) {
  if (line.size() > max_request_line_bytes) return Refusal{414, "The address is too long: 8 KiB at most"};
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("the first line is not METHOD ADDRESS HTTP/1.1");
  const auto method = line.substr(0, first), version = line.substr(last + 1);
  constexpr std::size_t max_method = 20;
  if (!is_token(method) || method.size() > max_method) return bad("that is no method");
  if (auto refusal = check_target(line.substr(first + 1, last - first - 1))) return refusal;
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  return version.starts_with("HTTP/") ? Refusal{505, "HTTP version not supported: 1.1 and 1.0 are"}
                                      : bad("the first line is not METHOD ADDRESS HTTP/1.1");
}

// The fields

struct Field {
  std::string_view name, value;
};

/// RFC 9110 §5.5: visible text, spaces and tabs; beyond ASCII only UTF-8, for libsoup 3.2 has stumbled over other
/// bytes.
bool is_field_value(std::string_view value) {
  return std::ranges::none_of(value, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 127; }) &&
         g_utf8_validate(value.data(), static_cast<gssize>(value.size()), nullptr);
}

std::optional<Field> read_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const Field field{line.substr(0, colon), without_field_space(line.substr(colon + 1))};
  return is_token(field.name) && is_field_value(field.value) ? std::optional(field) : std::nullopt;
}

std::size_t count(const std::vector<Field>& fields, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields, [&](const Field& field) { return equals(field.name, name); }));
}

std::string_view value_of(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::ranges::find_if(fields, [&](const Field& field) { return equals(field.name, name); });
  return found == fields.end() ? std::string_view() : found->value;
}

/// Whose second value another reader may believe rather than the first.
constexpr std::array once = {"Host",          "Content-Length",        "Content-Type",
                             "Authorization", "Sec-WebSocket-Version", "Sec-WebSocket-Key"};

std::variant<RequestHead, Refusal> check_fields(const std::vector<Field>& fields) {
  for (const auto* name : once)
    if (count(fields, name) > 1) return bad(std::string(name) + " more than once");
  if (count(fields, "Transfer-Encoding")) return Refusal{411, "Length required: send a Content-Length"};
  RequestHead head;
  head.is_upgrade = equals(value_of(fields, "Upgrade"), "websocket");
  if (!count(fields, "Content-Length")) return head;
  const auto length = value_of(fields, "Content-Length");
  if (length.empty() || !std::ranges::all_of(length, [](char c) { return g_ascii_isdigit(c); }))
    return bad("Content-Length is no number");
  const auto bytes = parse_number<std::size_t>(length);
  if (!bytes || *bytes > max_body_bytes) return Refusal{413, "The body is too large: 64 KiB at most"};
  head.body_bytes = *bytes;
  if (head.is_upgrade && head.body_bytes) return bad("an upgrade with a body");
  return head;
}

}  // namespace

std::variant<RequestHead, Refusal> check_head(std::string_view head) {
  std::vector<Field> fields;
  bool is_first = true;
  for (std::string_view rest = head; !rest.empty();) {
    const auto line = rest.substr(0, rest.find(line_end));
    rest.remove_prefix(std::min(rest.size(), line.size() + line_end.size()));
    if (is_first) {
      is_first = false;
      if (auto refusal = check_request_line(line)) return *refusal;
      continue;
    }
    if (line.empty()) continue;  // the end
    const auto field = read_field(line);
    if (!field) return bad("a header field is not NAME: VALUE");
    fields.push_back(*field);
    if (fields.size() > max_header_fields) return Refusal{431, "Too many header fields: 100 at most"};
  }
  if (is_first) return bad("the first line is missing");
  return check_fields(fields);
}

std::optional<Refusal> RequestGate::take(std::string_view bytes) {
  while (!bytes.empty() && !is_refused_) {
    if (is_upgraded_) {
      passed_ += bytes;
      return std::nullopt;
    }
    if (body_left_ > 0) {
      take_body(bytes);
    } else if (auto refusal = take_head(bytes)) {
      is_refused_ = true;
      return refusal;
    }
  }
  return std::nullopt;
}

void RequestGate::take_body(std::string_view& bytes) {
  const auto part = bytes.substr(0, body_left_);
  passed_ += part;
  body_left_ -= part.size();
  bytes.remove_prefix(part.size());
}

std::optional<Refusal> RequestGate::take_head(std::string_view& bytes) {
  // RFC 9112 §2.2: an empty line before a request is ignored.
  while (head_.empty() && bytes.starts_with(line_end)) bytes.remove_prefix(line_end.size());
  const auto known = head_.size();
  head_ += bytes.substr(0, max_head_bytes + 1 - std::min(known, max_head_bytes));
  const auto end = head_.find(head_end, known < head_end.size() ? 0 : known - head_end.size() + 1);
  if (end == std::string::npos) {
    if (head_.size() > max_head_bytes)
      return head_.find(line_end) == std::string::npos ? Refusal{414, "The address is too long: 8 KiB at most"}
                                                       : Refusal{431, "The header is too large: 16 KiB at most"};
    bytes = {};
    return std::nullopt;
  }
  head_.resize(end + head_end.size());
  bytes.remove_prefix(head_.size() - known);
  const auto verdict = check_head(head_);
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) return *refusal;
  const auto& head = std::get<RequestHead>(verdict);
  passed_ += std::exchange(head_, {});
  body_left_ = head.body_bytes;
  is_upgraded_ = head.is_upgrade;
  return std::nullopt;
}

std::size_t RequestGate::give(char* to, std::size_t size) {
  const auto count = std::min(size, passed_.size());
  std::copy_n(passed_.begin(), count, to);
  passed_.erase(0, count);
  return count;
}

}  // namespace voicecast
