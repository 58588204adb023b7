// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace voicecast {

/// The RTP format of a stream, as its receivers are offered it.
struct VoiceFormat {
  unsigned payload_type = 111;
  std::optional<std::uint32_t> ssrc;
  bool is_stereo = false;
};

}  // namespace voicecast
