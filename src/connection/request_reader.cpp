// SPDX-License-Identifier: MIT
#include "connection/request_reader.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "connection/field_text.hpp"

namespace voicecast {
namespace {

/// RFC 9112 §2.2: empty lines before a request are ignored.
void skip_line_ends(std::string_view& bytes) {
  bytes.remove_prefix(std::min(bytes.size(), bytes.find_first_not_of("\r\n")));
}

/// The position after the empty line that ends a head; npos if it is missing. The first `looked_through` bytes were
/// searched before.
std::size_t end_of_head(std::string_view text, std::size_t looked_through) {
  constexpr std::size_t longest_end = 3;  // "\n\r\n"
  for (auto at = text.find('\n', looked_through - std::min(looked_through, longest_end)); at != text.npos;
       at = text.find('\n', at + 1)) {
    const auto rest = text.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return text.npos;
}

ErrorResponse too_long(std::string_view head) {
  return head.find('\n') == head.npos ? ErrorResponse{414, "The request target is too long: 8 KiB at most"}
                                      : ErrorResponse{431, "The header is too large: 16 KiB at most"};
}

}  // namespace

std::optional<ErrorResponse> RequestReader::take(std::string_view& bytes, std::string& passed) {
  if (!has_head_)
    if (auto error = take_head(bytes, passed)) return error;
  if (has_head_ && !is_whole()) return take_body(bytes, passed);
  return std::nullopt;
}

std::optional<ErrorResponse> RequestReader::take_head(std::string_view& bytes, std::string& passed) {
  if (head_text_.empty()) skip_line_ends(bytes);
  if (bytes.empty()) return std::nullopt;
  // Rejects TLS and other protocols at the first byte.
  if (head_text_.empty() && !is_token(bytes.substr(0, 1)))
    return ErrorResponse{400, "Bad request: this port speaks HTTP"};
  const auto known = head_text_.size();
  head_text_ += bytes.substr(0, max_head_bytes + 1 - known);
  const auto end = end_of_head(head_text_, known);
  if (end == head_text_.npos) {
    if (head_text_.size() > max_head_bytes) return too_long(head_text_);
    bytes = {};
    return std::nullopt;
  }
  head_text_.resize(end);
  bytes.remove_prefix(end - known);
  auto verdict = check_head(head_text_);
  head_text_.clear();
  if (auto* error = std::get_if<ErrorResponse>(&verdict)) return std::move(*error);
  head_ = std::get<RequestHead>(std::move(verdict));
  has_head_ = true;
  body_left_ = head_.body_bytes;
  passed += std::exchange(head_.text, {});
  return std::nullopt;
}

std::optional<ErrorResponse> RequestReader::take_body(std::string_view& bytes, std::string& passed) {
  if (head_.framing == Framing::chunked) return chunks_.take(bytes, passed);
  const auto part = bytes.substr(0, body_left_);
  passed += part;
  body_left_ -= part.size();
  bytes.remove_prefix(part.size());
  return std::nullopt;
}

void RequestReader::next() { *this = {}; }

}  // namespace voicecast
