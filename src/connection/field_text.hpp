// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <algorithm>
#include <string_view>

namespace voicecast {

/// RFC 9110 §5.6.2: a name in HTTP, such as a method, a field's or a media type's. A wildcard is one as well.
inline bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return g_ascii_isalnum(c) || marks.find(c) != marks.npos; });
}

/// A field's value, or an element of its list, without the optional space around it (RFC 9110 §5.6.3); what else looks
/// like space is no part of HTTP.
inline std::string_view without_field_space(std::string_view text) {
  constexpr std::string_view space = " \t";
  const auto begin = std::min(text.find_first_not_of(space), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(space) + 1);
}

}  // namespace voicecast
