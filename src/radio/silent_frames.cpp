// SPDX-License-Identifier: MIT
#include "radio/silent_frames.hpp"

#include <array>

#include "audio/mp3_frame.hpp"
#include "audio/ogg_pages.hpp"
#include "base/bytes.hpp"
#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

constexpr std::chrono::seconds lead{1};

class SilentMp3 : public SilentFrames {
 public:
  explicit SilentMp3(unsigned bitrate_kbps) : frame_(bytes_of(silent_frame(bitrate_kbps))) {}
  GPtr<GBytes> next() override { return frame_; }
  std::size_t due(std::chrono::nanoseconds elapsed) override { return pacer_.due(elapsed); }

 private:
  GPtr<GBytes> frame_;
  SilencePacer pacer_{std::chrono::ceil<Mp3Frames>(lead)};
};

class SilentOgg : public SilentFrames {
 public:
  std::string_view header() const override { return pages_.header(); }
  GPtr<GBytes> next() override {
    constexpr std::array<std::uint8_t, 3> packet{0xfc, 0xff, 0xfe};  // 20 ms of silence: CELT, stereo
    std::string page;
    while (page.empty()) page = pages_.add(packet, opus_samples(packet));
    return bytes_of(page);
  }
  GPtr<GBytes> end() override { return bytes_of(pages_.end()); }
  std::size_t due(std::chrono::nanoseconds elapsed) override {
    const auto all = static_cast<std::size_t>((elapsed + lead) / ogg_page_duration);
    return all - std::exchange(made_, all);
  }

 private:
  OggPages pages_{g_random_int(), ""};
  std::size_t made_ = 0;
};

}  // namespace

std::unique_ptr<SilentFrames> make_silent_mp3(unsigned bitrate_kbps) {
  return std::make_unique<SilentMp3>(bitrate_kbps);
}

std::unique_ptr<SilentFrames> make_silent_ogg() { return std::make_unique<SilentOgg>(); }

}  // namespace voicecast
