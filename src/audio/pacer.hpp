// SPDX-License-Identifier: MIT
#pragma once

typedef struct _GstElement GstElement;

namespace voicecast {

/// Makes an element that accepts audio at any time and outputs it in real time by the pipeline's clock: one buffer of
/// 1152 samples (an MP3 frame) every 26.12 ms, with silence where audio is missing (see Playout). Pads "sink" and
/// "src", both S16 stereo at 44.1 kHz. It pushes on a thread of its own; the input's thread never waits for it.
/// (transfer floating)
GstElement* make_pacer();

}  // namespace voicecast
