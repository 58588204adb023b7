// SPDX-License-Identifier: MIT
#include "base/text.hpp"

#include <algorithm>

namespace voicecast {

std::string excerpt(const std::string& text, std::size_t max_chars) {
  std::string shown = valid_utf8(text);
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  const auto most = static_cast<glong>(max_chars);
  if (g_utf8_strlen(shown.c_str(), -1) <= most) return shown;
  const char* end = g_utf8_offset_to_pointer(shown.c_str(), most);
  shown.resize(static_cast<std::size_t>(end - shown.c_str()));
  return shown + "…";
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace voicecast
