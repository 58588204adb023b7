// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "rtp/reception_report.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// The last report of a webrtcbin's peer; nothing before the first. Main thread.
std::optional<ReceptionReport> reception_report(GstElement* webrtcbin);

/// Makes a webrtcbin request every lost packet at once: RFC 4585 §3.5 allows early feedback once per interval only,
/// which is about 100 ms for one audio stream. Call it once the RTP session exists. Main thread.
void allow_early_feedback(GstElement* webrtcbin);

}  // namespace voicecast
