// SPDX-License-Identifier: MIT
#include "audio/playout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace voicecast {
namespace {

constexpr std::size_t rate = 44100;
constexpr std::size_t read_size = 1152;
constexpr double amplitude = 10000;

std::size_t samples_in_ms(double ms) { return static_cast<std::size_t>(ms * rate / 1000); }

/// Writes and reads on the reader's clock: reads at their times, writes in between.
class Network {
 public:
  /// Reads until a total of `seconds` has passed.
  void run_until(double seconds) {
    while ((static_cast<double>(reads_) + 1) * read_size / rate <= seconds) read();
  }
  void read() {
    std::vector<std::int16_t> samples(read_size * Playout::channels);
    playout.read(samples);
    for (std::size_t i = 0; i < samples.size(); i += Playout::channels) {
      EXPECT_EQ(samples[i], samples[i + 1]);
      heard.push_back(samples[i]);
    }
    ++reads_;
  }
  /// A part of a tone, continuing the previous part.
  void write(std::size_t count) {
    std::vector<std::int16_t> samples;
    for (std::size_t i = 0; i < count; ++i) {
      const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(written_++) / rate;
      const auto value = static_cast<std::int16_t>(std::lrint(amplitude * std::sin(angle)));
      samples.insert(samples.end(), Playout::channels, value);
    }
    playout.write(samples);
  }
  /// Sends for `seconds` with a clock that is fast by the factor `fast`, in frames of so many ms.
  void talk(double seconds, double frame_ms = 20, double fast = 1) {
    const double begin = now_;
    for (std::size_t i = 1; begin + static_cast<double>(i) * frame_ms / 1000 / fast <= begin + seconds; ++i) {
      now_ = begin + static_cast<double>(i) * frame_ms / 1000 / fast;
      run_until(now_);
      // 2.5 ms are 110.25 samples: now and then one more.
      write(samples_in_ms(static_cast<double>(i) * frame_ms) - samples_in_ms(static_cast<double>(i - 1) * frame_ms));
    }
    now_ = begin + seconds;
    run_until(now_);
  }
  void be_silent(double seconds) {
    now_ += seconds;
    run_until(now_);
  }

  Playout playout;
  std::vector<int> heard;
  double hertz = 440;

 private:
  std::size_t written_ = 0, reads_ = 0;
  double now_ = 0;
};

/// The largest step in the slope: small for a tone, large for a click.
double roughness(const std::vector<int>& heard, std::size_t from) {
  double most = 0;
  for (auto i = from + 2; i < heard.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(heard[i]) - 2.0 * heard[i - 1] + heard[i - 2]));
  return most;
}

/// The step of a tone with fades of 5 ms: detects a step of a tenth of the amplitude.
double smooth(double hertz) { return amplitude * std::pow(2 * std::numbers::pi * hertz / rate, 2) + 0.03 * amplitude; }

std::size_t silent_samples(const std::vector<int>& heard, std::size_t from) {
  std::size_t count = 0;
  for (auto i = from + 4; i < heard.size(); ++i)
    if (heard[i] == 0 && heard[i - 1] == 0 && heard[i - 2] == 0) ++count;
  return count;
}

TEST(Playout, GivesSilenceWithoutInput) {
  Network network;
  network.be_silent(1);
  EXPECT_EQ(silent_samples(network.heard, 0), network.heard.size() - 4);
}

TEST(Playout, IsGaplessAndFast) {
  for (const double frame_ms : {2.5, 5.0, 10.0, 20.0, 40.0, 60.0}) {
    Network network;
    network.talk(10, frame_ms);
    const auto first = std::find_if(network.heard.begin(), network.heard.end(), [](int s) { return s != 0; });
    const auto begin = static_cast<std::size_t>(first - network.heard.begin());
    EXPECT_LT(begin, samples_in_ms(75 + frame_ms)) << frame_ms;
    EXPECT_EQ(silent_samples(network.heard, begin), 0U) << frame_ms;
    EXPECT_LT(roughness(network.heard, 0), smooth(440)) << frame_ms;
  }
}

TEST(Playout, KeepsTheLevel) {
  Network network;
  network.talk(3);
  const auto last_second = network.heard.end() - rate;
  EXPECT_NEAR(*std::max_element(last_second, network.heard.end()), amplitude, amplitude / 100);
}

TEST(Playout, FollowsSkewedClock) {
  for (const double fast : {1 - 300e-6, 1 + 300e-6}) {
    Network network;
    network.talk(180, 20, fast);
    EXPECT_EQ(silent_samples(network.heard, rate / 4), 0U) << fast;
    EXPECT_LT(roughness(network.heard, rate / 4), smooth(440)) << fast;
    EXPECT_NEAR(network.playout.speed_up(), fast - 1, 50e-6);
    EXPECT_LT(network.playout.stock(), samples_in_ms(120)) << fast;
  }
}

/// Now it is slower than ours, now faster: each second the voice is resampled by another ratio, above 1 and below.
TEST(Playout, FollowsWanderingClock) {
  constexpr double period_s = 60;
  for (const double most : {100e-6, 1000e-6}) {
    Network network;
    for (int second = 0; second < 180; ++second) {
      const double fast = 1 + most * std::sin(2 * std::numbers::pi * second / period_s);
      network.talk((1 + 1e-9) / fast, 20, fast);  // 50 frames
    }
    EXPECT_EQ(silent_samples(network.heard, rate / 4), 0U) << most;
    EXPECT_LT(roughness(network.heard, rate / 4), smooth(440)) << most;
  }
}

TEST(Playout, KeepsThePitch) {
  Network network;
  network.hertz = 4000;
  network.talk(60, 20, 1 + 200e-6);
  // A least-squares fit of the tone, whose frequency is that of the sender's clock, to a second of what was heard.
  const std::size_t from = network.heard.size() - rate;
  double best = 1e18;
  for (double ppm = 0; ppm <= 400; ppm += 2) {
    const double w = 2 * std::numbers::pi * 4000 * (1 + ppm * 1e-6) / rate;
    double cc = 0, ss = 0, cs = 0, yc = 0, ys = 0, yy = 0;
    for (std::size_t i = from; i < network.heard.size(); ++i) {
      const double c = std::cos(w * static_cast<double>(i)), s = std::sin(w * static_cast<double>(i));
      const double y = network.heard[i];
      cc += c * c, ss += s * s, cs += c * s, yc += y * c, ys += y * s, yy += y * y;
    }
    const double det = cc * ss - cs * cs;
    const double a = (yc * ss - ys * cs) / det, b = (ys * cc - yc * cs) / det;
    best = std::min(best, (yy - a * yc - b * ys) / yy);
  }
  EXPECT_LT(best, 1e-5);  // -50 dB of noise, with the error of the fit
}

TEST(Playout, DropsLateAudio) {
  Network network;
  network.talk(2);
  network.be_silent(3);
  EXPECT_EQ(network.playout.stock(), 0U) << "nothing is left of the voice before";
  for (int i = 0; i < 150; ++i) network.write(samples_in_ms(20));
  EXPECT_LT(network.playout.stock(), samples_in_ms(200));
  network.talk(60);
  EXPECT_LT(network.playout.stock(), samples_in_ms(150));
  EXPECT_LT(roughness(network.heard, 0), smooth(440));
  EXPECT_GT(silent_samples(network.heard, rate / 4), 2.8 * rate);
  EXPECT_LT(silent_samples(network.heard, rate / 4), 3.2 * rate);
}

TEST(Playout, FadesAtEveryGap) {
  Network network;
  for (int i = 0; i < 50; ++i) {
    network.talk(0.1 + 0.007 * i);
    network.be_silent(0.2);
  }
  EXPECT_LT(roughness(network.heard, 0), smooth(440));
}

TEST(Playout, BridgesJitterBufferDelay) {
  Network network;
  network.talk(1);
  for (int i = 0; i < 20; ++i) {
    network.be_silent(0.04);
    network.write(samples_in_ms(20));
    network.write(samples_in_ms(20));
    network.talk(0.2);
  }
  EXPECT_EQ(silent_samples(network.heard, rate / 4), 0U);
}

TEST(Playout, TakesBlocksOfAnySize) {
  Network network;
  network.write(0);
  network.write(1);
  network.read();
  network.write(10 * rate);
  network.run_until(2);
  EXPECT_LT(roughness(network.heard, 0), smooth(440));
}

}  // namespace
}  // namespace voicecast
