// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace voicecast {

/// A playout buffer: audio is written as it arrives from the network, and read in real time. Every read is filled, with
/// audio or with silence; delays do not accumulate.
///
/// The buffer holds some tens of milliseconds (the stock). On underrun the audio fades into silence; on overflow, after
/// the network stalled, the oldest samples are removed with a cross-fade. If the sender's clock and ours differ, the
/// stock would shrink or grow without end: the audio is resampled by an inaudible amount (2000 ppm at most) until the
/// stock is constant. None of these causes a click.
///
/// Interleaved stereo at 44.1 kHz, 16 bits. Pure; the caller locks.
class Playout {
 public:
  static constexpr std::size_t channels = 2;

  Playout();
  void write(std::span<const std::int16_t> samples);
  void read(std::span<std::int16_t> samples);

  /// The buffered audio, in samples per channel.
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

  std::vector<Sample> samples_;  ///< the filter's history, then the buffered samples
  std::size_t next_;             ///< the index in samples_ at or before the next output sample
  double fraction_ = 0;          ///< the output sample's position after next_, in samples: 0 to 1
  double step_ = 1;
  bool is_dry_ = true;
  std::size_t faded_in_ = 0;           ///< samples written since the underrun, up to the length of a fade
  std::size_t lowest_stock_ = 0;       ///< in the current measurement
  std::size_t since_measurement_ = 0;  ///< samples read
};

}  // namespace voicecast
