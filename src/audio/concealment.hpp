// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace voicecast {

/// Gives Opus packets without any audio that last `samples` at 48 kHz in all, a multiple of opus_min_samples: a decoder
/// conceals the loss (RFC 7845 §4). `toc` is the first byte of the packet before them, whose mode and channels they
/// keep. Pure.
void conceal(std::uint8_t toc, std::size_t samples,
             const std::function<void(std::span<const std::uint8_t> packet, std::size_t samples)>& give);

}  // namespace voicecast
