// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/ptr.hpp"

namespace voicecast {

/// Makes identical frames of silence for listeners that wait for a stream. Main thread.
class SilentFrames {
 public:
  virtual ~SilentFrames() = default;
  /// The bytes that a decoder needs before the first frame; empty for MP3.
  virtual std::string_view header() const { return {}; }
  virtual GPtr<GBytes> next() = 0;
  /// The frame that ends the silence; null for MP3.
  virtual GPtr<GBytes> end() { return {}; }
  /// The number of frames to make now, `elapsed` after the start, in addition to earlier ones. One second is due at
  /// once: the player's buffer against network jitter.
  virtual std::size_t due(std::chrono::nanoseconds elapsed) = 0;
};

/// MP3 at this bitrate, one of Layer III's.
std::unique_ptr<SilentFrames> make_silent_mp3(unsigned bitrate_kbps);
/// Ogg pages with Opus, as a logical stream of its own.
std::unique_ptr<SilentFrames> make_silent_ogg();

/// The duration of an Ogg page, of silence as of streams.
constexpr std::chrono::nanoseconds ogg_page_duration = std::chrono::milliseconds(100);

}  // namespace voicecast
