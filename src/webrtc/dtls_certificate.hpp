// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/signal.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

class DtlsContext;

/// Gives the webrtcbin the certificate of this run of the server, ECDSA with P-256, instead of the dtls plugin's RSA:
/// the signature, one per peer, takes a tenth of the time. While the Connection is held; call it before there is a
/// transport. If none can be made (which is logged) the plugin's stays. Main thread.
Connection use_dtls_certificate(GstElement* webrtcbin);

/// The fingerprint of that certificate for descriptions, "sha-256 AB:CD:…"; empty: use webrtcbin's. webrtcbin 1.22
/// computes it over the whole PEM text, including the key. Main thread.
const std::string& dtls_fingerprint();

/// The same certificate for peers without a webrtcbin; an Error if none can be made. Main thread.
const Result<std::shared_ptr<const DtlsContext>>& dtls_context();

}  // namespace voicecast
