// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/signal.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// For packets that go past a webrtcbin, with its keys. As long as the Connection is held it lets nothing out of the
/// webrtcbin but DTLS: a report of its own would have our index, and so our key stream. RTCP from the peer goes to
/// `on_rtcp`, decrypted, on the thread that brings it, and not to the webrtcbin. Before there is a transport.
Connection bypass(GstElement* webrtcbin, std::function<void(std::vector<std::uint8_t>)> on_rtcp);

/// Ends the thread that makes a bypassed webrtcbin's reports, which nobody would get; once DTLS is connected. Main
/// thread; what takes time is done in the background.
void end_reports(GstElement* webrtcbin);

/// The name by which its description calls us (RFC 3550 §6.5.1). Main thread.
std::string cname(GstElement* webrtcbin);

}  // namespace voicecast
