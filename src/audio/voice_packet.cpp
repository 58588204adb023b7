#include "audio/voice_packet.hpp"

#include "rtp/opus_packet.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// RFC 3550 §5.1: the last byte says how many there are, itself among them.
std::optional<std::span<const std::uint8_t>> without_padding(std::span<const std::uint8_t> payload) {
  if (payload.empty() || payload.back() == 0 || payload.back() > payload.size()) return std::nullopt;
  return payload.first(payload.size() - payload.back());
}

}  // namespace

std::optional<VoicePacket> read_voice(std::span<const std::uint8_t> bytes) {
  constexpr std::uint8_t padding_bit = 0x20;
  const auto rtp = read_rtp(bytes);
  if (!rtp) return std::nullopt;
  auto opus = rtp->payload;
  if ((bytes[0] & padding_bit) != 0) {
    const auto rest = without_padding(opus);
    if (!rest) return std::nullopt;
    opus = *rest;
  }
  const auto samples = opus_samples(opus);
  if (samples == 0) return std::nullopt;
  return VoicePacket{rtp->sequence, rtp->timestamp, rtp->ssrc, opus, samples};
}

}  // namespace voicecast
