// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

namespace voicecast {

/// Lets a shout2send give back the events that it is handed: before GStreamer 1.25.1 it kept a reference to each for
/// ever, 2 KB for every try to connect (gstshout2.c, gst_shout2send_event). Mends the element's class, once; does
/// nothing for another element, nor where GStreamer is mended. Any thread.
void give_back_events(GstElement* shout2send);

}  // namespace voicecast
