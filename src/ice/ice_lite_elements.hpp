// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include <memory>
#include <span>

#include "gst/gst.hpp"
#include "ice/ice_session.hpp"

namespace voicecast {

/// Registers the elements `voicecasticesrc` and `voicecasticesink` with GStreamer, which makes graphs and logs
/// readable. Any thread.
void register_ice_elements();

/// Makes the source of a webrtcbin's received packets, without a thread of its own: give_packet() feeds it. It closes
/// the session when it is stopped, because webrtcbin must get no event of it later. Main thread or webrtcbin's.
GPtr<GstElement> make_ice_source(std::shared_ptr<IceSession> session);
/// Copies a non-empty packet into a buffer with its time of arrival and pushes it; drops it while the element does not
/// run. One thread.
void give_packet(GstElement* source, std::span<const std::uint8_t> packet);

/// Makes the sink of a webrtcbin's sent packets, which sends them on the selected path and drops them without one. Main
/// thread or webrtcbin's.
GPtr<GstElement> make_ice_sink(std::shared_ptr<IcePath> path);

}  // namespace voicecast
