// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Lets nothing into a branch of the tee that decodes but what a voice can be: `bin`'s pad "sink" drops packets that
/// read_voice() does not take or that run ahead of time (VoicePace), and what the jitter buffer tells of losses of over
/// a second: these are a new beginning, and to conceal them would cost as much as to decode them. GStreamer's
/// depayloader hands on whatever it gets, and its elements fail on what is empty (1.22). Call it before the branch is
/// linked; it works on the stream's thread.
Status let_voice_in_only(GstElement* bin);

}  // namespace voicecast
