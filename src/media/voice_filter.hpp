#pragma once

#include "glib/result.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Lets nothing into a branch of the tee but packets that read_voice() takes: `bin`'s pad "sink" drops all others.
/// GStreamer's depayloader hands on what it gets, and its elements fail on what is empty (1.22). Call it before the
/// branch is linked; it works on the stream's thread.
Status let_voice_in_only(GstElement* bin);

}  // namespace voicecast
