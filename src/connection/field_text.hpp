// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <algorithm>
#include <string_view>

namespace voicecast {

/// Whether the text is a token (RFC 9110 §5.6.2), such as a method, a field name or a media type's part; "*" is one.
/// Pure.
inline bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return g_ascii_isalnum(c) || marks.find(c) != marks.npos; });
}

/// A field value, or a list element, without the optional white space around it (RFC 9110 §5.6.3): spaces and tabs.
/// Pure.
inline std::string_view without_field_space(std::string_view text) {
  constexpr std::string_view space = " \t";
  const auto begin = std::min(text.find_first_not_of(space), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(space) + 1);
}

}  // namespace voicecast
