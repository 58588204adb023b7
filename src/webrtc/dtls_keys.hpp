// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "rtp/srtp.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// The keys of what we send, once DTLS is connected. Main thread.
Result<SrtpKeys> sending_keys(GstElement* webrtcbin);

/// The keys of what comes, from a webrtcbin's dtlssrtpdec, likewise. The thread that brings packets to it.
Result<SrtpKeys> receiving_keys(GstElement* dtlssrtpdec);

}  // namespace voicecast
