#pragma once

namespace voicecast {

/// Does in the background what the first peer would wait for: loads the plugins of a webrtcbin, and makes the key of
/// the certificate that all peers share (the dtls plugin's, RSA with 2,048 bits: a second on a small machine). After
/// gst_init().
void warm_up();

/// What of it has not begun is left out. Main thread.
void end_warm_up();

}  // namespace voicecast
