// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "access/limits.hpp"

namespace voicecast {

/// A listener's options, from its request's headers and query.
struct ListenOptions {
  bool speaks_icy = false;      ///< gets ICY metadata; MP3 only
  bool follows = false;         ///< continues with the next stream when this one ends (?follow=1)
  std::size_t burst_bytes = 0;  ///< recent audio that it gets at once
};

/// The burst in bytes with which a player starts at once, and no more: each further byte delays the voice. Pure.
///
/// Browsers buffer 32 KiB before the first sound (64 KiB above 192 kb/s), Cast devices about 400 kB. Other players
/// (VLC, mpg123, ffmpeg, loudspeakers) start with the first bytes.
std::size_t usual_burst_bytes(std::string_view user_agent, bool speaks_icy, unsigned bitrate_kbps);

/// The value of ?burst= in bytes: decimal digits, at most max_burst_bytes; otherwise nothing.
std::optional<std::size_t> parse_burst(std::string_view text);

}  // namespace voicecast
