// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/signal.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// For packets sent beside a webrtcbin with its keys. While the Connection exists, webrtcbin's output is dropped except
/// DTLS: its reports would reuse SRTCP indices, and so the key stream. The peer's RTCP goes, decrypted, to `on_rtcp` on
/// the receiving thread instead of webrtcbin. Call it before a transport exists.
Connection bypass(GstElement* webrtcbin, std::function<void(std::vector<std::uint8_t>)> on_rtcp);

/// Stops a bypassed webrtcbin's thread for reports, which would be dropped. Call it once DTLS is connected. Main
/// thread; the work runs in the background.
void end_reports(GstElement* webrtcbin);

/// The CNAME of its description (RFC 3550 §6.5.1). Main thread.
std::string cname(GstElement* webrtcbin);

}  // namespace voicecast
