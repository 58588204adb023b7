// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace voicecast {

/// Opus' own clock, in RTP (RFC 7587 §4.1) as in Ogg (RFC 7845 §4).
constexpr std::size_t opus_rate_hz = 48000;

/// What the shortest frame lasts, 2.5 ms, of which all durations are multiples, and the longest packet, 120 ms.
constexpr std::size_t opus_min_samples = 120, opus_max_samples = 5760;

constexpr std::chrono::nanoseconds opus_time(std::uint64_t samples) {
  return std::chrono::nanoseconds(samples * 1'000'000 / (opus_rate_hz / 1000));
}

/// What one frame of a packet lasts whose first byte this is (RFC 6716 §3.1), in samples per channel. Pure.
std::size_t opus_frame_samples(std::uint8_t toc);

/// The samples per channel at 48 kHz that an Opus packet decodes to, 120 to 5760. 0 for what is not a well-formed
/// packet (RFC 6716 §3.4), an empty one among them. Its frames are not looked into. Pure.
std::size_t opus_samples(std::span<const std::uint8_t> packet);

}  // namespace voicecast
