// SPDX-License-Identifier: MIT
#pragma once

#include <gst/webrtc/webrtc.h>

#include <memory>
#include <optional>
#include <string>

#include "sdp/local_description.hpp"

namespace voicecast {

struct FreeDescription {
  void operator()(GstWebRTCSessionDescription* p) const { gst_webrtc_session_description_free(p); }
};
using SessionDescription = std::unique_ptr<GstWebRTCSessionDescription, FreeDescription>;

// Between an SDP's text and what webrtcbin has it in. Any thread.

/// The text has been checked (see read_offer()).
SessionDescription to_session_description(const std::string& sdp, DescriptionType type);
/// What create-offer or create-answer replied, under that name; null where it replied none.
SessionDescription description_in(const GstStructure* reply, const char* name);
/// The webrtcbin's own; nothing before it has one.
std::optional<Result<LocalDescription>> local_description_of(GstElement* webrtcbin);

}  // namespace voicecast
