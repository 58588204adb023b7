// SPDX-License-Identifier: MIT
#pragma once

#include "rtp/srtp.hpp"

namespace voicecast {

/// Which side begins (RFC 5763 §5): `active` (a=setup:active) sends the ClientHello, `passive` waits for it.
enum class DtlsRole { active, passive };

/// The SRTP keys of both sides: `ours` protect what this side sends, `theirs` what the peer sends.
struct DtlsKeys {
  SrtpKeys ours, theirs;
};

}  // namespace voicecast
