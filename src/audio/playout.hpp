// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace voicecast {

/// Evens out a voice that is written when the network brings it, into one that is read at a steady pace: every read is
/// filled, with the voice or with silence, and what was late is not played late.
///
/// Between the two lies a stock of some tens of milliseconds. When it runs out the voice fades into silence; when
/// much comes at once, after the network stood still, the oldest is cut out. When the sender's clock and ours differ,
/// the stock would shrink or grow for ever: the voice is resampled by so little that nobody hears it, until the stock
/// stays where it is. Neither of these makes a click.
///
/// Interleaved stereo at 44.1 kHz, 16 bits. Pure; the caller locks.
class Playout {
 public:
  static constexpr std::size_t channels = 2;

  Playout();
  void write(std::span<const std::int16_t> samples);
  void read(std::span<std::int16_t> samples);

  /// The voice that waits to be read, in samples per channel.
  std::size_t stock() const;
  /// By how much the voice is played faster than it was written, to follow the sender's clock: 0.0001 is 100 ppm.
  double speed_up() const { return step_ - 1; }

 private:
  struct Sample {
    float left = 0, right = 0;
  };
  void begin(std::size_t silence);
  void cut(std::size_t count);
  void forget_played();
  void run_dry(std::span<std::int16_t> samples, std::size_t whole);
  void follow_the_sender(std::size_t elapsed);
  std::size_t readable() const;
  Sample interpolate() const;
  void play(std::span<std::int16_t> samples);

  std::vector<Sample> samples_;  ///< what the next sample is interpolated from, and all that waits
  std::size_t next_;             ///< where in samples_ the next one to be read stands
  double fraction_ = 0;          ///< and how far behind that one, 0 to 1
  double step_ = 1;
  bool is_dry_ = true;
  std::size_t faded_in_ = 0;           ///< samples since it was dry, up to the length of a fade
  std::size_t lowest_stock_ = 0;       ///< of this measurement
  std::size_t since_measurement_ = 0;  ///< samples read
};

}  // namespace voicecast
