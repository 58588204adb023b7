// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace voicecast {

enum class TagMatch { missing, any, same, other };

/// Compares an If-Match field (RFC 9110 §13.1.1) with a strong entity tag, given with its quotes. Also accepts "*" in
/// quotes (drafts of WHIP) and a tag without quotes (some clients). Pure.
TagMatch match_tag(const std::optional<std::string>& if_match, std::string_view tag);

}  // namespace voicecast
