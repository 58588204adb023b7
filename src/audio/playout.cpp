// SPDX-License-Identifier: MIT
#include "audio/playout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace voicecast {
namespace {

constexpr std::size_t sample_rate_hz = 44100;

constexpr std::size_t samples_in_ms(std::size_t ms) { return sample_rate_hz * ms / 1000; }

/// What should be left just before the next voice comes. The jitter buffer in front may hold packets back for 40 ms
/// when one is missing.
constexpr std::size_t wanted_stock = samples_in_ms(45);
/// One read, an MP3 frame, is taken at once.
constexpr std::size_t read_ahead = 1152;
/// So much more than usual may wait before it is cut: half of it is drained by playing faster, within a minute.
constexpr std::size_t max_excess = samples_in_ms(100);
/// Cuts and ends are faded, for a step in the signal is a click.
constexpr std::size_t fade = samples_in_ms(5);

/// 10 ms too much or too little make 200 ppm: with that, half of a deviation is gone after 35 s.
constexpr double speed_per_sample = 200e-6 / static_cast<double>(samples_in_ms(10));
/// A thirtieth of a semitone. Clocks differ by 100 ppm at the most; the rest is for draining an excess.
constexpr double max_speed_up = 0.002;

// A windowed sinc. Sixteen taps keep the band up to 18 kHz; voices end before.
constexpr std::size_t taps = 16;
constexpr std::size_t taps_before = taps / 2 - 1;  // of the sample itself
constexpr std::size_t taps_after = taps / 2;
constexpr std::size_t phases = 256;

using Kernel = std::array<std::array<float, taps>, phases + 1>;

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

/// Blackman's window, which is zero at the ends of the taps.
double window(double x) {
  const double angle = std::numbers::pi * x / (taps / 2.0);
  return 0.42 + 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
}

Kernel make_kernel() {
  Kernel kernel{};
  for (std::size_t phase = 0; phase <= phases; ++phase) {
    double sum = 0;
    std::array<double, taps> weights{};
    for (std::size_t tap = 0; tap < taps; ++tap) {
      const double x = static_cast<double>(tap) - static_cast<double>(taps_before) -
                       static_cast<double>(phase) / static_cast<double>(phases);
      weights[tap] = sinc(x) * window(x);
      sum += weights[tap];
    }
    for (std::size_t tap = 0; tap < taps; ++tap) kernel[phase][tap] = static_cast<float>(weights[tap] / sum);
  }
  return kernel;
}

const Kernel& kernel() {
  static const Kernel made = make_kernel();
  return made;
}

constexpr float full_scale = 32768;

std::int16_t to_int16(float value) {
  return static_cast<std::int16_t>(std::lrintf(std::clamp(value, -full_scale, full_scale - 1)));
}

}  // namespace

Playout::Playout() : samples_(taps_before), next_(taps_before) { kernel(); }

std::size_t Playout::stock() const { return is_dry_ ? 0 : samples_.size() - next_; }

/// What can be read now, with the samples behind it that interpolation needs.
std::size_t Playout::readable() const {
  if (stock() <= taps_after) return 0;
  return static_cast<std::size_t>((static_cast<double>(stock() - taps_after) - fraction_) / step_);
}

/// The voice begins, or begins again: after a stock of silence, and faded in by write().
void Playout::begin(std::size_t silence) {
  samples_.assign(taps_before + silence, {});
  next_ = taps_before;
  fraction_ = 0;
  is_dry_ = false;
  faded_in_ = 0;
  since_measurement_ = 0;
  lowest_stock_ = SIZE_MAX;
}

void Playout::write(std::span<const std::int16_t> samples) {
  if (is_dry_) begin(wanted_stock + read_ahead);
  lowest_stock_ = std::min(lowest_stock_, stock());
  const auto count = samples.size() / channels;
  for (std::size_t i = 0; i < count; ++i) {
    const float gain = faded_in_ < fade ? static_cast<float>(faded_in_++) / static_cast<float>(fade) : 1;
    samples_.push_back({gain * samples[channels * i], gain * samples[channels * i + 1]});
  }
  const auto usual = wanted_stock + read_ahead + count;
  if (stock() > usual + max_excess) cut(stock() - usual);
}

/// Leaves out the next `count` samples: the first of them fade out while those behind them fade in.
void Playout::cut(std::size_t count) {
  const auto mixed = std::min(fade, stock() - count);
  for (std::size_t i = 0; i < mixed; ++i) {
    const float gain = static_cast<float>(i) / static_cast<float>(mixed);
    const auto& from = samples_[next_ + i];
    auto& to = samples_[next_ + count + i];
    to = {gain * to.left + (1 - gain) * from.left, gain * to.right + (1 - gain) * from.right};
  }
  const auto begin = samples_.begin() + static_cast<std::ptrdiff_t>(next_);
  samples_.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  since_measurement_ = 0;
  lowest_stock_ = SIZE_MAX;
}

void Playout::read(std::span<std::int16_t> samples) {
  const auto count = samples.size() / channels;
  if (is_dry_) {
    std::fill(samples.begin(), samples.end(), std::int16_t{0});
    return;
  }
  const auto whole = readable();
  if (whole < count + fade) return run_dry(samples, std::min(whole, count));
  play(samples);
  forget_played();
  follow_the_sender(count);
}

/// Plays what is left, `whole` samples, and fades their end.
void Playout::run_dry(std::span<std::int16_t> samples, std::size_t whole) {
  play(samples.first(whole * channels));
  const auto faded = std::min(fade, whole);
  for (std::size_t i = 0; i < faded * channels; ++i) {
    auto& sample = samples[(whole - faded) * channels + i];
    const auto gain = 1 - static_cast<float>(i / channels + 1) / static_cast<float>(faded);
    sample = to_int16(gain * sample);
  }
  std::fill(samples.begin() + static_cast<std::ptrdiff_t>(whole * channels), samples.end(), std::int16_t{0});
  is_dry_ = true;
}

void Playout::play(std::span<std::int16_t> samples) {
  for (std::size_t i = 0; i + 1 < samples.size(); i += channels) {
    const auto sample = interpolate();
    samples[i] = to_int16(sample.left);
    samples[i + 1] = to_int16(sample.right);
    fraction_ += step_;
    const auto steps = static_cast<std::size_t>(fraction_);
    next_ += steps;
    fraction_ -= static_cast<double>(steps);
  }
}

/// The nearest phase of 256 is 70 dB from the right one at 4 kHz, so the two around it are mixed.
Playout::Sample Playout::interpolate() const {
  const double position = fraction_ * static_cast<double>(phases);
  const auto phase = static_cast<std::size_t>(position);
  const auto between = static_cast<float>(position - static_cast<double>(phase));
  const auto& low = kernel()[phase];
  const auto& high = kernel()[phase + 1];
  const Sample* from = &samples_[next_ - taps_before];
  Sample sum;
  for (std::size_t tap = 0; tap < taps; ++tap) {
    const float weight = low[tap] + between * (high[tap] - low[tap]);
    sum.left += weight * from[tap].left;
    sum.right += weight * from[tap].right;
  }
  return sum;
}

/// Seldom, for it moves all that waits.
void Playout::forget_played() {
  constexpr std::size_t enough = 8192;
  const auto played = next_ - taps_before;
  if (played < enough) return;
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(played));
  next_ = taps_before;
}

/// Once a second: the lowest stock of that second tells whether the sender is faster or slower than we are.
void Playout::follow_the_sender(std::size_t elapsed) {
  since_measurement_ += elapsed;
  if (since_measurement_ < sample_rate_hz || lowest_stock_ == SIZE_MAX) return;
  const auto excess = static_cast<double>(lowest_stock_) - static_cast<double>(wanted_stock);
  step_ = 1 + std::clamp(speed_per_sample * excess, -max_speed_up, max_speed_up);
  since_measurement_ = 0;
  lowest_stock_ = SIZE_MAX;
}

}  // namespace voicecast
