#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "access/limits.hpp"

namespace voicecast {

/// What a listener asks for beside the stream.
struct ListenOptions {
  bool speaks_icy = false;      ///< wants ICY metadata, which only MP3 has
  bool follows = false;         ///< stays for the streams after this one (?follow=1)
  std::size_t burst_bytes = 0;  ///< what he gets at once, of the last that was sent to others
};

/// How much a player gets at once, so that it starts at once, and no more: every byte that it does not wait for is a
/// delay of the voice.
///
/// Browsers wait for 32 KiB, at more than 192 kb/s for 64 KiB, before the first sound; Cast devices for some 400 kB.
/// What else there is (VLC, mpg123, ffmpeg, loudspeakers) starts with what it has.
std::size_t usual_burst_bytes(std::string_view user_agent, bool speaks_icy, unsigned bitrate_kbps);

/// The number of ?burst=: plain digits, up to max_burst_bytes.
std::optional<std::size_t> parse_burst(std::string_view text);

}  // namespace voicecast
