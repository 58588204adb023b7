// SPDX-License-Identifier: MIT

// RTP packets of a sender, one after the other, into what is recorded and sent as Opus: nothing empty or malformed
// comes out, and no more of it than the clock allows. A packet is its length and the milliseconds before it, two bytes
// each, and its bytes.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "audio/ogg_pages.hpp"
#include "audio/voice_continuity.hpp"
#include "rtp/opus_packet.hpp"
#include "rtp/rtp_packet.hpp"

using namespace voicecast;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Whole pages, whose segments are as long as they say.
void check_pages(std::string_view pages) {
  constexpr std::size_t head_bytes = 27;
  while (!pages.empty()) {
    require(pages.size() >= head_bytes && pages.starts_with("OggS"));
    const auto segments = static_cast<std::uint8_t>(pages[head_bytes - 1]);
    std::size_t size = head_bytes + segments;
    require(pages.size() >= size);
    for (const char segment : pages.substr(head_bytes, segments)) size += static_cast<std::uint8_t>(segment);
    require(pages.size() >= size);
    pages.remove_prefix(size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono_literals;
  std::span<const std::uint8_t> input(data, size);
  constexpr VoiceContinuity::Time begin = 1000s;
  constexpr int max_pause_ms = 8000;
  auto now = begin;
  VoiceContinuity continuity;
  OggPages pages(1, "");
  std::uint64_t given = 0;
  const auto give = [&](std::span<const std::uint8_t> packet, std::size_t samples) {
    require(samples > 0 && opus_samples(packet) == samples);
    given += samples;
    check_pages(pages.add(packet, samples));
  };
  while (input.size() >= 4) {
    const auto length = std::min<std::size_t>(read_u16(&input[0]), input.size() - 4);
    now += std::chrono::milliseconds(read_u16(&input[2]) % max_pause_ms);
    continuity.pass_time(now, give);
    if (const auto voice = read_voice(input.subspan(4, length))) {
      require(!voice->opus.empty() && voice->samples == opus_samples(voice->opus));
      require(voice->opus.data() >= input.data() && voice->opus.data() + voice->opus.size() <= data + size);
      continuity.take(*voice, now, give);
    }
    require(opus_time(given) <= (now - begin) * 102 / 100 + VoicePace::max_voice_ahead + VoicePace::max_gap);
    input = input.subspan(4 + length);
  }
  check_pages(pages.end());
  check_pages(pages.header());
  return 0;
}
