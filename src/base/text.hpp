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

/// Without the space around it, line ends included.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && g_ascii_isspace(text.front())) text.remove_prefix(1);
  while (!text.empty() && g_ascii_isspace(text.back())) text.remove_suffix(1);
  return text;
}
template <std::same_as<std::string> Temporary>
std::string_view trimmed(Temporary&&) = delete;  // a view of what is gone

/// ASCII only, whatever the locale.
inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = g_ascii_tolower(c);
  return result;
}

/// What is not UTF-8 becomes U+FFFD.
inline std::string valid_utf8(const std::string& text) {
  return GUnique<char>(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))).get();
}

/// A stranger's text made fit for an error, which may end in a log: UTF-8, without control characters, and short.
std::string excerpt(const std::string& text, std::size_t max_chars);

/// The parts between the separators, without empty ones.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The whole text as a number, which an unsigned type takes without any sign, and all without space.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

}  // namespace voicecast
