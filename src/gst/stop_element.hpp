// SPDX-License-Identifier: MIT
#pragma once

#include "gst/slots.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Attaches the slot to a webrtcbin until stop_element() has stopped it, or it is freed. Main thread.
void occupy(GstElement* webrtcbin, Slot slot);

/// Sets a bin or pipeline with its webrtcbins to NULL, closing their DTLS sessions. Blocks for milliseconds, at worst
/// for seconds: background thread.
void stop_element(GstElement* element);

}  // namespace voicecast
