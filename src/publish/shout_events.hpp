// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

namespace voicecast {

/// Works around a leak of shout2send before GStreamer 1.25.1: it leaked each event, 2 KB for every connection attempt
/// (gstshout2.c, gst_shout2send_event). Patches the element's class, once; no-op for other elements and newer versions.
/// Any thread.
void give_back_events(GstElement* shout2send);

}  // namespace voicecast
