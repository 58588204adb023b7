// SPDX-License-Identifier: MIT
#include "audio/voice_packet.hpp"

#include "rtp/opus_packet.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {

std::optional<VoicePacket> read_voice(std::span<const std::uint8_t> bytes) {
  const auto rtp = read_rtp(bytes);
  const auto opus = rtp ? unpadded_payload(*rtp) : std::nullopt;
  const auto samples = opus ? opus_samples(*opus) : 0;
  if (samples == 0) return std::nullopt;
  return VoicePacket{rtp->sequence, rtp->timestamp, rtp->ssrc, *opus, samples};
}

}  // namespace voicecast
