// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace voicecast {

inline constexpr std::string_view whip_path = "/whip", whep_path = "/whep";

/// The rest of a path below `base`: empty, or "/…"; nothing for another path. Pure.
inline std::optional<std::string_view> path_below(std::string_view path, std::string_view base) {
  if (!path.starts_with(base)) return std::nullopt;
  path.remove_prefix(base.size());
  return path.empty() || path.front() == '/' ? std::optional(path) : std::nullopt;
}

/// Whether the path belongs to WHIP or WHEP. Pure.
inline bool is_media_path(std::string_view path) { return path_below(path, whip_path) || path_below(path, whep_path); }

}  // namespace voicecast
