// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Filters the input of a decoding branch: `bin`'s pad "sink" drops packets that read_voice() rejects or that are ahead
/// of real time (VoicePace), and loss events of more than a second, whose concealment would cost as much as decoding.
/// GStreamer's depayloader passes any payload, and its elements fail on empty ones (1.22). Call it before the branch is
/// linked; the filter runs on the stream's thread.
Status let_voice_in_only(GstElement* bin);

}  // namespace voicecast
