// SPDX-License-Identifier: MIT
#pragma once

#include "gst/slots.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Has a webrtcbin hold the slot until stop_element() is through with it, or it is freed.
void occupy(GstElement* webrtcbin, Slot slot);

/// Takes a bin or pipeline that has webrtcbins in it to NULL, which may take milliseconds: background thread.
void stop_element(GstElement* element);

}  // namespace voicecast
