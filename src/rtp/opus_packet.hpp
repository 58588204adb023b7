// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace voicecast {

/// The clock rate of Opus in RTP (RFC 7587 §4.1) and in Ogg (RFC 7845 §4).
constexpr std::size_t opus_rate_hz = 48000;

/// The duration in samples of the shortest frame (2.5 ms), which divides all other durations, and of the longest packet
/// (120 ms).
constexpr std::size_t opus_min_samples = 120, opus_max_samples = 5760;

/// The duration of `samples` at 48 kHz. Pure.
constexpr std::chrono::nanoseconds opus_time(std::uint64_t samples) {
  return std::chrono::nanoseconds(samples * 1'000'000 / (opus_rate_hz / 1000));
}

/// The duration of one frame of a packet with this first byte (RFC 6716 §3.1), in samples per channel. Pure.
std::size_t opus_frame_samples(std::uint8_t toc);

/// The duration of an Opus packet in samples per channel at 48 kHz: 120 to 5760, or 0 for a malformed or empty packet
/// (RFC 6716 §3.4). Does not decode the frames. Pure.
std::size_t opus_samples(std::span<const std::uint8_t> packet);

}  // namespace voicecast
