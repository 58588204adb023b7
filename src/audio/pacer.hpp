// SPDX-License-Identifier: MIT
#pragma once

typedef struct _GstElement GstElement;

namespace voicecast {

/// Makes an element that takes a voice when it comes and gives it at the pace of the pipeline's clock: from the start
/// on one buffer of 1152 samples, an MP3 frame's, every 26.12 ms, with silence where there is no voice (see Playout).
/// Pads "sink" and "src", both S16 stereo at 44.1 kHz. It has a thread of its own, on which it pushes; the thread that
/// brings the voice never waits for it. (transfer floating)
GstElement* make_pacer();

}  // namespace voicecast
