// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

namespace voicecast {

/// ice-char of RFC 8839 §5.4, and the last two, which real clients send. Pure.
inline bool is_ice_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

inline bool is_ice_text(std::string_view text, std::size_t shortest) {
  return text.size() >= shortest && text.size() <= 256 && std::all_of(text.begin(), text.end(), is_ice_char);
}

/// Whether the text is valid as a=ice-ufrag or a=ice-pwd (RFC 8839 §5.4). Pure.
inline bool is_ice_ufrag(std::string_view text) { return is_ice_text(text, 4); }
inline bool is_ice_pwd(std::string_view text) { return is_ice_text(text, 22); }

}  // namespace voicecast
