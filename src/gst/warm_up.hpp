// SPDX-License-Identifier: MIT
#pragma once

namespace voicecast {

/// Does on a thread of its own what the first peer would wait for: loads the plugins of a webrtcbin, and makes the key
/// of the certificate that all peers share (the dtls plugin's, RSA with 2,048 bits: a second on a small machine). After
/// gst_init().
void warm_up();

/// What of it has not begun is left out. Main thread.
void end_warm_up();

/// Whether its thread is through; where not, it is inside GStreamer, which must not be deinitialized then. Any thread.
bool is_warm_up_over();

}  // namespace voicecast
