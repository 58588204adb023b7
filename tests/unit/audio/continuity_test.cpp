// SPDX-License-Identifier: MIT

/// The MP3 of a stream on a test clock: real-time output, whatever the sender does.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>

#include "audio/mp3_frame.hpp"
#include "audio/mp3_output.hpp"
#include "audio/pacer.hpp"
#include "unit/branch_harness.hpp"

namespace voicecast {
namespace {

constexpr std::size_t rate = 44100;

double seconds_of(GstClockTime time) { return static_cast<double>(time) / GST_SECOND; }

/// A stream's station, and its output.
class Station {
 public:
  Station() : branch_(build()) {}

  /// Pushes the packets one by one in real time.
  void talk(const std::vector<GPtr<GstBuffer>>& packets, double frame_ms = 20) {
    for (const auto& packet : packets) {
      wait_ms(frame_ms);
      branch_.push(packet);
    }
  }
  void wait_ms(double ms) {
    due_ += static_cast<GstClockTime>(ms * GST_MSECOND);
    branch_.tick_until(due_);
    for (auto& frame : branch_.take()) {
      const auto header = parse_mp3_header(frame);
      ASSERT_TRUE(header);
      EXPECT_EQ(header->frame_bytes, frame.size()) << "a buffer is a frame";
      EXPECT_EQ(header->bitrate_kbps, 128U);
      EXPECT_EQ(header->channels, 2U);
      mp3_ += frame;
      ++frames_;
    }
  }
  /// The MP3's lead over the clock. LAME delays about two frames.
  double ahead_ms() const {
    return 1000 * (static_cast<double>(frames_ * mp3_samples_per_frame) / rate - seconds_of(branch_.now()));
  }
  double now_s() const { return seconds_of(branch_.now()); }
  BranchHarness& branch() { return branch_; }
  std::vector<std::int16_t> hear() const { return decode_mp3(mp3_); }

 private:
  static GPtr<GstElement> build() {
    const auto texts = PipelineTexts::load(std::string(VOICECAST_SOURCE_DIR) + "/pipelines");
    EXPECT_TRUE(texts);
    auto bin = build_mp3_branch("mp3", *texts, 128);
    EXPECT_TRUE(bin);
    return *bin;
  }

  BranchHarness branch_;
  GstClockTime due_ = 0;
  std::string mp3_;
  std::size_t frames_ = 0;
};

/// The fraction of the power at this frequency, 0 to 1, in the 20 ms around `at_s`; nothing during silence.
double tone(const std::vector<std::int16_t>& heard, double at_s, double hertz) {
  constexpr std::size_t count = rate / 50;
  const auto from = static_cast<std::size_t>(at_s * rate) - count / 2;
  double real = 0, imaginary = 0, power = 1e-9;
  for (std::size_t i = 0; i < count && from + i < heard.size(); ++i) {
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
    const double sample = heard[from + i] / 32768.0;
    real += sample * std::cos(angle), imaginary += sample * std::sin(angle), power += sample * sample;
  }
  if (power / count < 1e-4) return 0;
  return 2 * (real * real + imaginary * imaginary) / (count * power);
}

/// The seconds between from and to in which the tone is audible.
double heard_s(const std::vector<std::int16_t>& heard, double from, double to, double hertz) {
  constexpr double step = 0.01;
  double sum = 0;
  for (double at = from; at < to; at += step)
    if (tone(heard, at, hertz) > 0.7) sum += step;
  return sum;
}

/// Includes the delay of encoder and pacer.
void expect_on_time(const Station& station) {
  EXPECT_GT(station.ahead_ms(), -100);
  EXPECT_LT(station.ahead_ms(), 30);
}

Voice tone_of(const std::string& hertz, double seconds) {
  Voice voice;
  voice.source = "wave=sine volume=0.5 freq=" + hertz;
  voice.seconds = seconds;
  return voice;
}

TEST(Continuity, IsSilentWithoutAnyVoice) {
  Station station;
  for (int i = 0; i < 150; ++i) {
    station.wait_ms(100);
    expect_on_time(station);
  }
  const auto heard = station.hear();
  EXPECT_GT(heard.size(), 14 * rate);
  EXPECT_EQ(std::count(heard.begin(), heard.end(), 0), static_cast<std::ptrdiff_t>(heard.size()));
}

TEST(Continuity, FramesOfAllSizesAndBothLayouts) {
  for (const int channels : {1, 2}) {
    for (const auto& [name, ms] :
         {std::pair{"2", 2.5}, {"5", 5.0}, {"10", 10.0}, {"20", 20.0}, {"40", 40.0}, {"60", 60.0}}) {
      SCOPED_TRACE(std::string(name) + " ms, " + std::to_string(channels) + " channels");
      Station station;
      auto voice = tone_of("440", 2);
      voice.channels = channels;
      voice.frame_ms = name;
      station.talk(rtp_of(voice), ms);
      expect_on_time(station);
      EXPECT_GT(heard_s(station.hear(), 0.4, 1.9, 440), 1.45);
    }
  }
}

TEST(Continuity, TheVoiceIsHeardWithin150Ms) {
  Station station;
  station.wait_ms(1000);
  station.talk(rtp_of(tone_of("440", 1)));
  EXPECT_GT(heard_s(station.hear(), 1.15, 1.9, 440), 0.7);
}

/// Every tenth packet is lost, and twice a run of five.
TEST(Continuity, LossIsConcealed) {
  Station station;
  const auto packets = rtp_of(tone_of("440", 6));
  for (std::size_t i = 0; i < packets.size(); ++i) {
    station.wait_ms(20);
    const bool is_lost = i > 10 && (i % 10 == 0 || (i >= 100 && i < 105) || (i >= 200 && i < 205));
    is_lost ? station.branch().tell_lost(packets[i], 20 * GST_MSECOND) : station.branch().push(packets[i]);
    expect_on_time(station);
  }
  EXPECT_GT(heard_s(station.hear(), 0.4, 5.8, 440), 5.2);
}

/// A word of two frames starts five times per second, and its first frame is lost: only the next packet contains it, as
/// in-band FEC (RFC 6716 §2.1.7).
TEST(Continuity, LossIsRepairedByInBandFec) {
  Voice voice;
  voice.source = "wave=ticks tick-interval=200000000 sine-periods-per-tick=10 freq=250 volume=0.8 marker-tick-period=0";
  voice.seconds = 4;
  voice.encoder = "audio-type=voice bandwidth=wideband bitrate=32000 inband-fec=true packet-loss-percentage=30";
  const auto packets = rtp_of(voice);
  Station without, with_loss;
  without.talk(packets);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    with_loss.wait_ms(20);
    i % 10 == 9 ? with_loss.branch().tell_lost(packets[i], 20 * GST_MSECOND) : with_loss.branch().push(packets[i]);
  }
  const auto power = [](const std::vector<std::int16_t>& heard) {
    double sum = 0;
    for (auto at = heard.begin() + rate / 2; at < heard.end(); ++at) sum += static_cast<double>(*at) * *at;
    return sum / static_cast<double>(heard.size());
  };
  EXPECT_GT(power(with_loss.hear()) / power(without.hear()), 0.2);
}

/// The decoder's output in seconds.
class Decoded {
 public:
  explicit Decoded(const BranchHarness& branch) {
    const auto decoder = branch.element("opusdec");
    const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(decoder.get(), "src"));
    gst_pad_add_probe(
        pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer p) {
          *static_cast<std::atomic<GstClockTime>*>(p) += GST_BUFFER_DURATION(GST_PAD_PROBE_INFO_BUFFER(info));
          return GST_PAD_PROBE_OK;
        },
        &time_, nullptr);
  }
  double seconds() const { return seconds_of(time_); }

 private:
  std::atomic<GstClockTime> time_{0};
};

/// A sender can claim with each packet that a minute was lost before it.
TEST(Continuity, AGapOfOverASecondIsNotConcealed) {
  Station station;
  const Decoded decoded(station.branch());
  const auto packets = rtp_of(tone_of("440", 4));
  for (std::size_t i = 0; i < packets.size(); ++i) {
    station.wait_ms(20);
    if (i % 5 == 4) station.branch().tell_lost_in_vain(packets[i], 58 * GST_SECOND);
    station.branch().push(packets[i]);
  }
  EXPECT_LT(decoded.seconds(), 4.1);
  EXPECT_GT(heard_s(station.hear(), 0.4, 3.8, 440), 3.3);
}

/// The same for endless shorter losses, and for packets of more audio than real time.
TEST(Continuity, AudioIsBoundedByRealTime) {
  Station station;
  const Decoded decoded(station.branch());
  const auto packets = rtp_of(tone_of("440", 20));
  station.branch().tell_lost(packets[0], 900 * GST_MSECOND);
  for (std::size_t i = 0; i < 100; ++i) station.branch().tell_lost_in_vain(packets[0], 900 * GST_MSECOND);
  for (std::size_t i = 0; i < 205; ++i) station.branch().push(packets[i]);  // 4.1 s at once
  for (std::size_t i = 205; i < packets.size(); ++i) station.branch().push_in_vain(packets[i]);
  EXPECT_LT(decoded.seconds(), 5.1);
}

/// Like browsers: a packet every 400 ms during silence, without gaps in sequence.
TEST(Continuity, DiscontinuousTransmission) {
  Station station;
  Voice voice;
  voice.source = "wave=silence";
  voice.seconds = 2;
  station.talk(rtp_of(tone_of("440", 1)));
  for (const auto& packet : rtp_of(voice)) {
    station.wait_ms(400);
    station.branch().push(packet);
    expect_on_time(station);
    if (station.now_s() > 15) break;
  }
  station.talk(rtp_of(tone_of("880", 1)));
  expect_on_time(station);
  const double begin = station.now_s() - 1;
  EXPECT_GT(heard_s(station.hear(), begin + 0.2, begin + 0.9, 880), 0.65);
}

TEST(Continuity, DelayedAudioIsNotPlayedLate) {
  Station station;
  station.talk(rtp_of(tone_of("440", 2)));
  for (int i = 0; i < 30; ++i) {
    station.wait_ms(100);
    expect_on_time(station);
  }
  for (const auto& packet : rtp_of(tone_of("660", 3))) station.branch().push(packet);
  station.talk(rtp_of(tone_of("880", 3)));
  expect_on_time(station);
  const auto heard = station.hear();
  EXPECT_LT(heard_s(heard, 2.3, 4.9, 440), 0.02) << "silence meanwhile";
  EXPECT_LT(heard_s(heard, 4.9, 8, 660), 0.2) << "three seconds arrived late";
  EXPECT_GT(heard_s(heard, 5.35, 7.9, 880), 2.5) << "the voice is live again";
}

TEST(Continuity, SkewedClock) {
  for (const double fast : {1 - 500e-6, 1 + 500e-6}) {
    Station station;
    station.talk(rtp_of(tone_of("440", 20)), 20 / fast);
    expect_on_time(station);
    EXPECT_GT(heard_s(station.hear(), 0.4, 19.8, 440), 19.3);
  }
}

/// Counted against the clock for ten minutes, to the nanosecond.
TEST(Continuity, PaceFollowsTheClock) {
  const auto pacer = GPtr<GstElement>::adopt(make_pacer());
  const Harness harness(gst_harness_new_with_element(pacer.get(), "sink", "src"));
  constexpr guint64 count = 10 * 60 * rate / mp3_samples_per_frame;
  for (guint64 i = 0; i < count; ++i) {
    ASSERT_TRUE(gst_harness_crank_single_clock_wait(harness.get()));
    const auto buffer = GPtr<GstBuffer>::adopt(gst_harness_pull(harness.get()));
    ASSERT_EQ(GST_BUFFER_PTS(buffer.get()), gst_util_uint64_scale(i * mp3_samples_per_frame, GST_SECOND, rate));
    ASSERT_EQ(gst_buffer_get_size(buffer.get()), mp3_samples_per_frame * 4U);
  }
}

}  // namespace
}  // namespace voicecast

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
