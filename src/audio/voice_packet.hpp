// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace voicecast {

/// An RTP packet with an Opus payload: a view of the caller's bytes.
struct VoicePacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0, ssrc = 0;
  std::span<const std::uint8_t> opus;  ///< never empty; without RTP's padding
  std::size_t samples = 0;             ///< its duration per channel at 48 kHz, 120 to 5760
};

/// Parses a packet. Nothing for invalid RTP (RFC 3550 §5.1), and for a missing (RFC 7587 §4.2) or malformed Opus
/// packet: outputs must not get these. Pure.
std::optional<VoicePacket> read_voice(std::span<const std::uint8_t> bytes);

}  // namespace voicecast
