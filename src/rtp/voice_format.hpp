// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace voicecast {

/// A stream's packets as its receivers are told of them.
struct VoiceFormat {
  unsigned payload_type = 111;
  std::optional<std::uint32_t> ssrc;
  bool is_stereo = false;
};

}  // namespace voicecast
