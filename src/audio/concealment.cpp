// SPDX-License-Identifier: MIT
#include "audio/concealment.hpp"

#include <algorithm>
#include <array>

#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

/// RFC 6716 §3.2.
constexpr std::uint8_t code_bits = 3, stereo_bit = 4;

/// The same bandwidth in CELT's shortest frames, 2.5 ms: a gap may not be a multiple of the preceding frames. (CELT has
/// no medium band: the next wider one is used.)
std::uint8_t shortest_of(std::uint8_t toc) {
  constexpr std::array<std::uint8_t, 8> by_quarter{16, 20, 20, 0, 16, 20, 24, 28};
  const unsigned configuration = toc >> 3;
  const auto celt = configuration < 12   ? by_quarter[configuration / 4]
                    : configuration < 14 ? std::uint8_t{24}
                    : configuration < 16 ? std::uint8_t{28}
                                         : by_quarter[configuration / 4];
  return static_cast<std::uint8_t>(celt << 3 | (toc & stereo_bit));
}

}  // namespace

void conceal(std::uint8_t toc, std::size_t samples,
             const std::function<void(std::span<const std::uint8_t> packet, std::size_t samples)>& give) {
  for (auto frame = opus_frame_samples(toc); samples > 0; frame = opus_frame_samples(toc)) {
    if (samples < frame) {
      toc = shortest_of(toc);
      continue;
    }
    const auto count = std::min(samples, opus_max_samples) / frame;
    // Code 3: a number of frames of the same length, here 0.
    const std::array packet{static_cast<std::uint8_t>((toc & ~code_bits) | (count > 1 ? 3 : 0)),
                            static_cast<std::uint8_t>(count)};
    give(std::span(packet).first(count > 1 ? 2 : 1), count * frame);
    samples -= count * frame;
  }
}

}  // namespace voicecast
