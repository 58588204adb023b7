// SPDX-License-Identifier: MIT
#include "webrtc/session_description.hpp"

#include <gst/sdp/sdp.h>

#include "base/ptr.hpp"

namespace voicecast {

SessionDescription to_session_description(const std::string& sdp, DescriptionType type) {
  GstSDPMessage* message = nullptr;
  gst_sdp_message_new_from_text(sdp.c_str(), &message);
  return SessionDescription(gst_webrtc_session_description_new(
      type == DescriptionType::offer ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, message));
}

SessionDescription description_in(const GstStructure* reply, const char* name) {
  GstWebRTCSessionDescription* raw = nullptr;
  if (reply) gst_structure_get(reply, name, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &raw, nullptr);
  return SessionDescription(raw);
}

std::optional<Result<LocalDescription>> local_description_of(GstElement* webrtcbin) {
  GstWebRTCSessionDescription* raw = nullptr;
  g_object_get(webrtcbin, "local-description", &raw, nullptr);
  const SessionDescription description(raw);
  if (!description) return std::nullopt;
  const auto type = description->type == GST_WEBRTC_SDP_TYPE_OFFER ? DescriptionType::offer : DescriptionType::answer;
  return read_local_description(GUnique<char>(gst_sdp_message_as_text(description->sdp)).get(), type);
}

}  // namespace voicecast
