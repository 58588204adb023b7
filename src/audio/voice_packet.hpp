// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace voicecast {

/// An RTP packet that holds voice: a view of somebody's bytes.
struct VoicePacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0, ssrc = 0;
  std::span<const std::uint8_t> opus;  ///< never empty; without RTP's padding
  std::size_t samples = 0;             ///< per channel at 48 kHz that it lasts, 120 to 5760
};

/// Nothing for what is no RTP (RFC 3550 §5.1), holds no Opus packet (RFC 7587 §4.2) or a malformed one: no output may
/// be handed these. Pure.
std::optional<VoicePacket> read_voice(std::span<const std::uint8_t> bytes);

}  // namespace voicecast
