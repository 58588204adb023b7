// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace voicecast {

/// Opus packets without audio with a total duration of `samples` at 48 kHz, a multiple of opus_min_samples: a decoder
/// conceals the loss (RFC 7845 §4). `toc` is the first byte of the preceding packet, whose mode and channels they keep.
/// Pure.
void conceal(std::uint8_t toc, std::size_t samples,
             const std::function<void(std::span<const std::uint8_t> packet, std::size_t samples)>& give);

}  // namespace voicecast
