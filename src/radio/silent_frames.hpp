#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/ptr.hpp"

namespace voicecast {

/// Makes frames of silence, one like the other, for those who wait for a voice. Main thread.
class SilentFrames {
 public:
  virtual ~SilentFrames() = default;
  /// What a decoder needs before the first frame that it gets; empty where it needs nothing.
  virtual std::string_view header() const { return {}; }
  virtual GPtr<GBytes> next() = 0;
  /// The frame behind which a voice may follow; null where none is needed.
  virtual GPtr<GBytes> end() { return {}; }
  /// How many frames to make now, `elapsed` after the start, on top of those made before: a second is due at once, as a
  /// player's stock for a network that stutters.
  virtual std::size_t due(std::chrono::nanoseconds elapsed) = 0;
};

/// MP3 at this bitrate, which Layer III has.
std::unique_ptr<SilentFrames> make_silent_mp3(unsigned bitrate_kbps);
/// Pages of Ogg with Opus, a logical stream of its own.
std::unique_ptr<SilentFrames> make_silent_ogg();

/// A page of Ogg, here as of a voice.
constexpr std::chrono::nanoseconds ogg_page_duration = std::chrono::milliseconds(100);

}  // namespace voicecast
