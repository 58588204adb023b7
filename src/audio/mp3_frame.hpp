// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>

namespace voicecast {

/// MP3 as it is written and sent here: MPEG-1 Layer III at 44.1 kHz (ISO 11172-3).
constexpr unsigned mp3_sample_rate_hz = 44100;
constexpr unsigned mp3_samples_per_frame = 1152;

/// Counts frames by the time they last, 26.12 ms each, exactly.
using Mp3Frames = std::chrono::duration<std::int64_t, std::ratio<mp3_samples_per_frame, mp3_sample_rate_hz>::type>;

struct Mp3Header {
  unsigned bitrate_kbps = 0;
  unsigned sample_rate_hz = 0;
  unsigned channels = 0;
  bool is_padded = false;
  std::size_t frame_bytes = 0;  ///< of the whole frame, header included
};

/// Reads the four bytes at the front of a frame (ISO 11172-3 §2.4.1.3). Nothing if `bytes` is shorter or starts with
/// anything else: MPEG-2, another layer or sample rate, free format, a value that the standard reserves.
std::optional<Mp3Header> parse_mp3_header(std::string_view bytes);

/// A stereo frame of silence, without padding, that needs no earlier frame: no part of its audio lies before it
/// (main_data_begin 0), and none is in it. Empty unless Layer III has the bitrate: 32, 40, 48, 56, 64, 80, 96, 112,
/// 128, 160, 192, 224, 256 or 320.
std::string silent_frame(unsigned bitrate_kbps);

/// Joins a listener to an encoder that is under way. A frame's audio may begin in the frames before it (the bit
/// reservoir, §2.4.1.7), of which this listener was sent other ones or none. A player knows none to be missing when it
/// has had silence instead, and decodes the wrong bytes, as loud as can be. So the first frames pass muted: they are
/// silent, but hold the bytes that those after them refer to. At 128 kb/s it is two at most, 52 ms.
class CleanJoin {
 public:
  /// Gives the next whole frame of the encoder, muted if need be. Anything else than a frame passes as it is.
  std::string pass(std::string_view frame);
  /// All later frames pass as they are: no frame refers to more than 511 bytes before it (main_data_begin has 9 bits).
  bool is_done() const { return main_data_passed_ >= 511; }

 private:
  std::size_t main_data_passed_ = 0;  // bytes
};

/// Gives silence at the rate at which it is played, for as long as it takes. Reckons from the start each time, so
/// neither late calls nor rounding add up.
class SilencePacer {
 public:
  /// `lead` frames are due at once, as a player's stock for a network that stutters.
  explicit SilencePacer(Mp3Frames lead = Mp3Frames(0)) : lead_(lead) {}

  /// How many frames to send now, `elapsed` after the start, on top of those given before.
  std::size_t due(std::chrono::nanoseconds elapsed);

 private:
  Mp3Frames lead_;
  Mp3Frames given_{0};
};

}  // namespace voicecast
