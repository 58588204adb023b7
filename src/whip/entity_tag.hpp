// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace voicecast {

enum class TagMatch { missing, any, same, other };

/// Compares an If-Match field (RFC 9110 §13.1.1) with a strong entity tag, which is given with its quotes. "*" in
/// quotes is any, for so have the drafts of WHIP written it, and a tag without quotes is good, for so do some clients.
/// Pure.
TagMatch match_tag(const std::optional<std::string>& if_match, std::string_view tag);

}  // namespace voicecast
