// SPDX-License-Identifier: MIT
#pragma once

namespace voicecast {

/// Does on its own thread what would delay the first peer: loads the plugins of a webrtcbin, and makes the key of the
/// dtls plugin's certificate (RSA with 2,048 bits: a second on a small machine). After gst_init(). Main thread.
void warm_up();

/// Skips the remaining steps. Main thread.
void end_warm_up();

/// Whether the thread has finished; if not, it may be inside GStreamer, which must not be deinitialized then. Any
/// thread.
bool is_warm_up_over();

}  // namespace voicecast
