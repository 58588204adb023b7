// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "rtp/srtp.hpp"

namespace voicecast {

/// What the sender of RTP and RTCP to a connected peer uses.
struct MediaTerms {
  SrtpKeys keys;
  std::string cname;  ///< of the description (RFC 3550 §6.5.1)
};

}  // namespace voicecast
