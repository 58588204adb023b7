// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/ptr.hpp"

namespace voicecast {

/// The text without surrounding white space, including line ends. Pure.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && g_ascii_isspace(text.front())) text.remove_prefix(1);
  while (!text.empty() && g_ascii_isspace(text.back())) text.remove_suffix(1);
  return text;
}
template <std::same_as<std::string> Temporary>
std::string_view trimmed(Temporary&&) = delete;  // the view would dangle

/// The text in ASCII lower case, independent of the locale. Pure.
inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = g_ascii_tolower(c);
  return result;
}

/// Replaces invalid UTF-8 by U+FFFD. Pure.
inline std::string valid_utf8(const std::string& text) {
  return GUnique<char>(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))).get();
}

/// Client input for an error message or the log: valid UTF-8, without control characters, at most `max_chars`
/// characters and "…". Pure.
std::string excerpt(const std::string& text, std::size_t max_chars);

/// The parts between the separators, without empty ones; views of `text`. Pure.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Parses the whole text as a decimal number, without white space and, for unsigned types, without a sign; nothing for
/// an invalid text or on overflow. Pure.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

}  // namespace voicecast
