// SPDX-License-Identifier: MIT
#include "audio/voice_continuity.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "audio/concealment.hpp"
#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

using Bytes = std::vector<std::uint8_t>;
constexpr std::uint8_t celt_20_ms = 31 << 3;
constexpr std::size_t frame = 960;

/// A sender, the clock and the output.
class Talk {
 public:
  /// Sends packets of 20 ms in real time.
  void speak(int packets) {
    for (int i = 0; i < packets; ++i) {
      now_ += 20ms;
      send();
    }
  }
  void send() { send_packet(frame); }
  void send_packet(std::size_t samples) {
    const Bytes payload = samples == 5760 ? Bytes{celt_20_ms | 3, 6, 7, 7, 7, 7, 7, 7} : Bytes{celt_20_ms, 7};
    take({sequence, timestamp, ssrc, payload, samples});
    ++sequence;
    timestamp += static_cast<std::uint32_t>(samples);
  }
  void take(const VoicePacket& packet) { continuity_.take(packet, now_, give()); }
  void pass(std::chrono::nanoseconds time) { now_ += time; }
  void wait(std::chrono::milliseconds time) {
    for (auto end = now_ + time; now_ < end;) {
      now_ += 100ms;
      continuity_.pass_time(now_, give());
    }
  }
  /// The numbers of concealment packets and of the sender's packets.
  std::size_t concealed() const { return concealed_; }
  std::size_t spoken() const { return spoken_; }
  std::size_t all() const { return concealed_ + spoken_; }

  std::uint16_t sequence = 65530;
  std::uint32_t timestamp = 0xFFFFFF00, ssrc = 1;

 private:
  VoiceContinuity::Give give() {
    return [this](std::span<const std::uint8_t> packet, std::size_t samples) {
      ASSERT_EQ(opus_samples(packet), samples);
      const bool is_empty = packet.size() == 1 || ((packet[0] & 3) == 3 && packet.size() == 2);
      (is_empty ? concealed_ : spoken_) += samples;
    };
  }
  VoiceContinuity continuity_;
  std::chrono::nanoseconds now_ = 1000s;
  std::size_t concealed_ = 0, spoken_ = 0;
};

TEST(Concealment, LastsAsLongAsTheGap) {
  for (unsigned configuration = 0; configuration < 32; ++configuration)
    for (const std::size_t samples : {0U, 120U, 240U, 960U, 1080U, 5760U, 5880U, 48000U, 48120U}) {
      std::size_t sum = 0;
      conceal(static_cast<std::uint8_t>(configuration << 3 | 7), samples, [&](auto packet, std::size_t lasts) {
        EXPECT_EQ(opus_samples(packet), lasts);
        EXPECT_TRUE(packet[0] & 4) << "as many channels";
        sum += lasts;
      });
      EXPECT_EQ(sum, samples) << configuration;
    }
}

TEST(VoiceContinuity, PassesPackets) {
  Talk talk;
  talk.speak(100);
  EXPECT_EQ(talk.spoken(), 100 * frame);
  EXPECT_EQ(talk.concealed(), 0U);
}

TEST(VoiceContinuity, FillsLossAndDtx) {
  Talk talk;
  talk.speak(50);
  talk.sequence += 3;  // three are lost
  talk.timestamp += 3 * frame;
  talk.pass(60ms);
  talk.speak(50);
  EXPECT_EQ(talk.concealed(), 3 * frame);
  talk.timestamp += 19 * frame;  // DTX: a packet every 400 ms
  talk.pass(380ms);
  talk.speak(1);
  EXPECT_EQ(talk.concealed(), 22 * frame);
  EXPECT_EQ(talk.spoken(), 101 * frame);
}

TEST(VoiceContinuity, DropsDuplicateAndLatePackets) {
  Talk talk;
  talk.speak(10);
  talk.sequence -= 5;
  talk.timestamp -= 5 * frame;
  talk.speak(5);
  EXPECT_EQ(talk.spoken(), 10 * frame);
  talk.speak(1);
  EXPECT_EQ(talk.spoken(), 11 * frame);
  EXPECT_EQ(talk.concealed(), 0U);
}

/// Also if the timestamp of the next packet differs from, or ignores, the pause.
TEST(VoiceContinuity, LongPauseUsesClock) {
  for (const auto says : {0U, 123456U, 30 * 48000U, 3'000'000'000U})
    for (const bool is_other_source : {false, true}) {
      Talk talk;
      talk.speak(50);
      talk.timestamp += says;
      talk.ssrc += is_other_source ? 1 : 0;
      talk.wait(30s);
      EXPECT_NEAR(static_cast<double>(talk.all()), 31.0 * 48000, 4800) << "while it lasts";
      talk.speak(50);
      EXPECT_NEAR(static_cast<double>(talk.all()), 32.0 * 48000, 4800);
      EXPECT_EQ(talk.spoken(), 100 * frame);
    }
}

TEST(VoiceContinuity, AnotherSourceStartsAtClock) {
  Talk talk;
  talk.speak(50);
  talk.ssrc = 2;
  talk.sequence = 7;
  talk.timestamp = 9;
  talk.pass(200ms);
  talk.speak(50);
  EXPECT_EQ(talk.spoken(), 100 * frame);
  EXPECT_NEAR(static_cast<double>(talk.concealed()), 9600, 1920);
}

TEST(VoiceContinuity, IsBoundedByRealTime) {
  Talk talk;
  talk.speak(50);
  for (int i = 0; i < 50000; ++i) {  // 10 s
    talk.pass(200us);
    if (i % 5 == 0) talk.sequence += 2900, talk.timestamp += 2900 * frame;
    if (i % 7 == 0) talk.timestamp += 47000;
    if (i % 11 == 0) ++talk.ssrc;
    talk.send_packet(5760);
  }
  EXPECT_LT(talk.all(), (1 + 10 + 6) * 48000U);
}

TEST(VoiceContinuity, KeepsDelayedPackets) {
  Talk talk;
  talk.speak(50);
  talk.wait(4s);
  for (int i = 0; i < 200; ++i) talk.send();
  EXPECT_EQ(talk.spoken(), 250 * frame);
}

TEST(VoiceContinuity, AFastClockIsFollowed) {
  Talk talk;
  for (int i = 0; i < 50000; ++i) {  // 1000 s, 0.5 % too fast
    talk.pass(19900us);
    talk.send();
  }
  EXPECT_EQ(talk.spoken(), 50000 * frame);
}

}  // namespace
}  // namespace voicecast
