#pragma once

typedef struct _GstElement GstElement;

namespace voicecast {

/// Takes a bin or pipeline that has webrtcbins in it to NULL, which may take milliseconds: background thread.
void stop_element(GstElement* element);

}  // namespace voicecast
