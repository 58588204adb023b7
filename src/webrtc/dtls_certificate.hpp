// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/signal.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Gives the webrtcbin the one certificate of this run of the server, ECDSA with P-256, in place of the dtls plugin's
/// RSA: to sign, once for each peer, takes a tenth of the time. While the Connection is held; before there is a
/// transport. If none can be made (which is logged) the plugin's stays.
Connection use_dtls_certificate(GstElement* webrtcbin);

/// The fingerprint of that certificate for descriptions, "sha-256 AB:CD:…"; empty: webrtcbin's is good. That of
/// webrtcbin 1.22 is one over all of the PEM text, of which our key is a part.
const std::string& dtls_fingerprint();

}  // namespace voicecast
