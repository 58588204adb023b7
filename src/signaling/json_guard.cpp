// SPDX-License-Identifier: MIT
#include "signaling/json_guard.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace voicecast {
namespace {

constexpr std::size_t max_quoted_chars = 40;  // of a client's text in an error: enough to identify it

Error bad_message(std::string words) { return {ErrorCode::bad_message, std::move(words)}; }

/// Whether it is true, false, null or a number that keeps its value in json-glib: 1.6 silently wraps a too large
/// integer, makes 1e999 infinite, and reads 010 as 8.
bool is_plain_value(std::string_view word) {
  if (word == "true" || word == "false" || word == "null") return true;
  const auto digits = word.substr(word.starts_with('-') ? 1 : 0);
  if (digits.empty() || !g_ascii_isdigit(digits[0])) return false;
  if (digits.size() > 1 && digits[0] == '0' && g_ascii_isdigit(digits[1])) return false;
  return word.find_first_of(".eE") == word.npos ? parse_number<std::int64_t>(word).has_value()
                                                : parse_number<double>(word).has_value();
}

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Status check() {
    skip_space();
    if (peek() != '{') return bad_message("the message is not a JSON object: it must begin with '{'");
    do {
      if (auto status = token(); !status) return status;
      skip_space();
    } while (!closers_.empty() && !at_end());
    if (!closers_.empty()) return refuse("the message ends inside of its JSON object");
    if (!at_end()) return refuse("something follows the JSON object");
    return success();
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }  // valid UTF-8 by GLib contains no NUL
  char take() { return at_end() ? '\0' : text_[at_++]; }
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  Error refuse(std::string_view why) const {
    return bad_message("not JSON, near byte " + std::to_string(at_) + ": " + std::string(why));
  }

  Status token() {
    switch (peek()) {
      case '"':
        return string();
      case '{':
        return open('}');
      case '[':
        return open(']');
      case '}':
      case ']':
        return close();
      case ',':
        return comma();
      case ':':
        return take(), success();
      default:
        return word();
    }
  }

  Status open(char closer) {
    take();
    closers_.push_back(closer);
    if (closers_.size() <= max_message_nesting) return success();
    return bad_message("the message nests deeper than " + std::to_string(max_message_nesting) + " levels");
  }

  Status close() {
    if (take() != closers_.back()) return refuse("this bracket closes nothing");
    closers_.pop_back();
    return success();
  }

  Status comma() {
    take();
    if (++commas_ <= max_message_commas) return success();
    return bad_message("the message has too many fields: more than " + std::to_string(max_message_commas) + " commas");
  }

  Status word() {
    const auto end = std::min(text_.find_first_of(" \t\r\n\"{}[],:", at_), text_.size());
    const auto word = text_.substr(at_, end - at_);
    if (!is_plain_value(word))
      return refuse('"' + excerpt(std::string(word), max_quoted_chars) +
                    "\" is neither a string in double quotes nor a usable number, true, false or null");
    at_ = end;
    return success();
  }

  Status string() {
    take();
    for (char c = take(); c != '"'; c = take()) {
      if (c == '\0') return refuse("a string is not closed");
      if (c != '\\') continue;
      if (auto status = escape(); !status) return status;
    }
    return success();
  }

  Status escape() {
    const char c = take();
    if (c == 'u') return unicode_escape();
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return refuse("unknown escape in a string");
    return success();
  }

  Status unicode_escape() {
    const auto unit = code_unit();
    if (!unit) return refuse("\\u needs four hexadecimal digits");
    if (*unit == 0) return refuse("a string must not have \\u0000");
    if (is_within(unit, 0xd800, 0xdbff)) {
      const bool paired = take() == '\\' && take() == 'u' && is_within(code_unit(), 0xdc00, 0xdfff);
      return paired ? success() : refuse("a surrogate without its pair in a string");
    }
    return is_within(unit, 0xdc00, 0xdfff) ? refuse("a surrogate without its pair in a string") : success();
  }

  std::optional<unsigned> code_unit() {
    const auto digits = text_.substr(at_, 4);
    unsigned unit = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (error != std::errc() || end != digits.data() + 4) return std::nullopt;
    at_ += 4;
    return unit;
  }

  static bool is_within(std::optional<unsigned> unit, unsigned low, unsigned high) {
    return unit && *unit >= low && *unit <= high;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string closers_;  // the closing brackets expected, innermost last
  std::size_t commas_ = 0;
};

}  // namespace

Status check_json_object(std::string_view text) {
  if (!g_utf8_validate_len(text.data(), text.size(), nullptr)) return bad_message("the message is not valid UTF-8");
  return Tokens(text).check();
}

}  // namespace voicecast
