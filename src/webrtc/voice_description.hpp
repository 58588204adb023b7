// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "rtp/voice_format.hpp"
#include "sdp/local_description.hpp"

namespace voicecast {

/// What the server's description of a voice for one receiver says beside its ICE parameters.
struct VoiceTerms {
  VoiceFormat format;
  std::string cname;        ///< RFC 3550 §6.5.1
  bool resends = false;     ///< NACKs are answered
  std::string fingerprint;  ///< of the server's certificate
};

/// The offer of a voice to a receiver (RFC 8829 §5.2.1), without ICE parameters. `session_id` is for the o= line. Pure.
LocalDescription offer_voice(const VoiceTerms& terms, std::uint64_t session_id);

/// The answer to a receiver's offer (RFC 8829 §5.3.1), likewise. Pure.
LocalDescription answer_with_voice(const VoiceTerms& terms, const RemoteDescription& offer, std::uint64_t session_id);

}  // namespace voicecast
