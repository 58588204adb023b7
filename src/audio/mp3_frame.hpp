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

/// MP3 frames of the server: MPEG-1 Layer III at 44.1 kHz (ISO 11172-3).
constexpr unsigned mp3_sample_rate_hz = 44100;
constexpr unsigned mp3_samples_per_frame = 1152;

/// A duration in frames of exactly 1152/44100 s (26.12 ms).
using Mp3Frames = std::chrono::duration<std::int64_t, std::ratio<mp3_samples_per_frame, mp3_sample_rate_hz>::type>;

struct Mp3Header {
  unsigned bitrate_kbps = 0;
  unsigned sample_rate_hz = 0;
  unsigned channels = 0;
  bool is_padded = false;
  std::size_t frame_bytes = 0;  ///< including the header
};

/// Parses a frame's header of four bytes (ISO 11172-3 §2.4.1.3). Nothing for shorter input and other formats: MPEG-2,
/// another layer or sample rate, free format, reserved values. Pure.
std::optional<Mp3Header> parse_mp3_header(std::string_view bytes);

/// A stereo frame of silence without padding, independent of earlier frames (main_data_begin 0). Empty unless the
/// bitrate is one of Layer III's: 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320. Pure.
std::string silent_frame(unsigned bitrate_kbps);

/// Joins a listener to a running encoder. A frame's audio may begin in earlier frames (the bit reservoir, §2.4.1.7),
/// which this listener did not get. After frames of silence a player does not notice the loss and decodes wrong bytes
/// as loud noise. So the first frames are muted: silent, but with the bytes that later frames refer to. At 128 kb/s
/// these are two frames at most, 52 ms. Pure.
class CleanJoin {
 public:
  /// Returns the next whole frame of the encoder, muted if needed. Input other than a frame is returned unchanged.
  std::string pass(std::string_view frame);
  /// Whether all later frames pass unchanged: a frame refers back to 511 bytes at most (main_data_begin has 9 bits).
  bool is_done() const { return main_data_passed_ >= 511; }

 private:
  std::size_t main_data_passed_ = 0;  // bytes
};

/// Paces silence in real time. Computes from the start at each call: late calls and rounding do not accumulate. Pure.
class SilencePacer {
 public:
  /// `lead` frames are due at once: the player's buffer against network jitter.
  explicit SilencePacer(Mp3Frames lead = Mp3Frames(0)) : lead_(lead) {}

  /// The number of frames to send now, `elapsed` after the start, in addition to earlier ones.
  std::size_t due(std::chrono::nanoseconds elapsed);

 private:
  Mp3Frames lead_;
  Mp3Frames given_{0};
};

}  // namespace voicecast
