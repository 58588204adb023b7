// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace voicecast {

/// `1048576`, `500M`, `2G`: bytes, with K, M and G for powers of 1024. Nothing for 0 and for anything else.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// `90s`, `30min`, `1h`, `30d`. Nothing for 0, for more than a century, and for anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace voicecast
