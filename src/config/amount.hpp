// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace voicecast {

/// Bytes: `1048576`, `500M`, `2G`; K, M and G are powers of 1024. Nothing for 0 and for malformed text. Pure.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// A duration: `90s`, `30min`, `1h`, `30d`. Nothing for 0, for more than 100 years and for malformed text. Pure.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace voicecast
