// SPDX-License-Identifier: MIT
#include "stream/stream_details.hpp"

#include "base/ptr.hpp"

namespace voicecast {

std::string clean_name(const std::string& name) {
  constexpr int max_characters = 64;
  const GUnique<char> text(g_utf8_make_valid(name.data(), static_cast<gssize>(name.size())));
  std::string clean;
  int characters = 0;
  bool is_after_space = true;  // drops leading spaces
  for (const char* at = text.get(); *at && characters < max_characters; at = g_utf8_next_char(at)) {
    const auto character = g_utf8_get_char(at);
    // Format characters reorder or hide adjacent text; names do not need them.
    if (g_unichar_type(character) == G_UNICODE_FORMAT) continue;
    const bool is_space = g_unichar_isspace(character) || g_unichar_iscntrl(character);
    if (is_space && is_after_space) continue;
    is_space ? clean += ' ' : clean.append(at, static_cast<const char*>(g_utf8_next_char(at)));
    is_after_space = is_space;
    ++characters;
  }
  if (clean.ends_with(' ')) clean.pop_back();
  return clean;
}

}  // namespace voicecast
