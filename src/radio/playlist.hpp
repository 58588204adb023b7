// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace voicecast {

/// Playlists with one endless entry, for radios that accept nothing else. `title` is one line. Pure.
std::string m3u(std::string_view url, std::string_view title);
std::string pls(std::string_view url, std::string_view title);

}  // namespace voicecast
