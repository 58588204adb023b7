// SPDX-License-Identifier: MIT
#include "webrtc/dtls_certificate.hpp"

#include <gst/gst.h>

#include <chrono>

#include "base/log.hpp"
#include "dtls/dtls_context.hpp"
#include "gst/transports.hpp"
#include "sdp/fingerprint.hpp"
#include "tls/local_ca.hpp"

namespace voicecast {
namespace {

/// The certificate with its key in PEM; empty if it cannot be made.
const std::string& certificate() {
  static const std::string pem = [] {
    auto made = make_peer_certificate(std::chrono::system_clock::now());
    if (made) return std::move(*made);
    log_warning(made.error().message + ": the dtls plugin's is used");
    return std::string();
  }();
  return pem;
}

}  // namespace

Connection use_dtls_certificate(GstElement* webrtcbin) {
  return {webrtcbin, "deep-element-added", [](GstElement*, GstBin*, GstElement* element) {
            const auto& pem = certificate();
            if (!pem.empty() && is_made_by(element, "dtlssrtpdec")) g_object_set(element, "pem", pem.c_str(), nullptr);
          }};
}

const std::string& dtls_fingerprint() {
  static const auto fingerprint = fingerprint_of(certificate(), "sha-256");
  return fingerprint;
}

const Result<std::shared_ptr<const DtlsContext>>& dtls_context() {
  static const auto context = DtlsContext::create(certificate());
  return context;
}

}  // namespace voicecast
