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

// Conversions between SDP text and webrtcbin's types. Any thread.

/// Converts a valid text (see read_offer()).
SessionDescription to_session_description(const std::string& sdp, DescriptionType type);
/// The description in the reply to create-offer or create-answer, by its field name; null without one.
SessionDescription description_in(const GstStructure* reply, const char* name);
/// A property of the webrtcbin with a description; nothing before it has one.
std::optional<Result<LocalDescription>> local_description_of(GstElement* webrtcbin);

}  // namespace voicecast
