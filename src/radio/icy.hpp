// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace voicecast {

/// Audio bytes between two blocks of ICY metadata: Icecast's default.
inline constexpr std::size_t icy_interval_bytes = 16000;

/// Inserts ICY metadata into one listener's audio: after every icy_interval_bytes a length byte (in units of 16 bytes)
/// and the title, or a zero byte while the title is unchanged. Pure.
class IcyWeaver {
 public:
  /// The title from the next block on. Control characters, and quotes that would end the field, are replaced.
  void set_title(std::string_view title);
  std::string weave(std::string_view audio);

 private:
  std::string block_;  ///< the next block; empty: unchanged
  std::size_t until_next_ = icy_interval_bytes;
};

}  // namespace voicecast
