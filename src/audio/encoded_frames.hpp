// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

#include "base/bytes.hpp"
#include "base/ptr.hpp"

namespace voicecast {

/// One or more whole MP3 frames, or one Opus packet; shared, not copied.
struct EncodedFrames {
  GPtr<GBytes> bytes;
  /// Opus only: the duration of all packets before this one, from which Ogg's positions are made.
  std::optional<std::chrono::nanoseconds> at;
};

}  // namespace voicecast
