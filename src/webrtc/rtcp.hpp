// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "rtp/reception_report.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// The last one of a webrtcbin's peer, or none yet. Main thread.
std::optional<ReceptionReport> reception_report(GstElement* webrtcbin);

/// Lets a webrtcbin ask for a lost packet at once, each time. By RFC 4585 §3.5 feedback may be early only once in an
/// interval, which for one voice's bandwidth is some 100 ms. Once it has a session. Main thread.
void allow_early_feedback(GstElement* webrtcbin);

}  // namespace voicecast
