// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include <memory>
#include <span>

#include "gst/gst.hpp"
#include "ice/ice_session.hpp"

namespace voicecast {

/// Makes the two elements known to GStreamer, so that graphs and logs show them by their names: `voicecasticesrc` and
/// `voicecasticesink`. Any thread.
void register_ice_elements();

/// The end of a webrtcbin that packets come in by: a source without a thread of its own, fed with give_packet(). It
/// closes the session when it is stopped, for webrtcbin must hear nothing of it later.
GPtr<GstElement> make_ice_source(std::shared_ptr<IceSession> session);
/// Copies a packet, which is not empty, into a buffer with its time of arrival and pushes it. One thread; drops it
/// while the element does not run.
void give_packet(GstElement* source, std::span<const std::uint8_t> packet);

/// The end that packets leave by, on the path that ICE has found by then; one for which there is none is dropped.
GPtr<GstElement> make_ice_sink(std::shared_ptr<IcePath> path);

}  // namespace voicecast
