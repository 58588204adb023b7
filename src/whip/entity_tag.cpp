// SPDX-License-Identifier: MIT
#include "whip/entity_tag.hpp"

#include "connection/field_text.hpp"

namespace voicecast {
namespace {

std::string_view without_quotes(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

TagMatch match_tag(const std::optional<std::string>& if_match, std::string_view tag) {
  if (!if_match) return TagMatch::missing;
  auto match = TagMatch::other;
  for (std::string_view rest = *if_match; !rest.empty();) {  // the server's tags contain no comma
    const auto comma = rest.find(',');
    const auto one = without_quotes(without_field_space(rest.substr(0, comma)));
    if (one == "*") return TagMatch::any;
    if (one == without_quotes(tag)) match = TagMatch::same;
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return match;
}

}  // namespace voicecast
