// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "rtp/srtp.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// The keys of sent packets, once DTLS is connected; an Error before. Main thread.
Result<SrtpKeys> sending_keys(GstElement* webrtcbin);

/// The keys of received packets, from a webrtcbin's dtlssrtpdec; an Error before DTLS is connected. The thread that
/// delivers packets to it.
Result<SrtpKeys> receiving_keys(GstElement* dtlssrtpdec);

}  // namespace voicecast
