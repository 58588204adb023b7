// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace voicecast {

/// Runs `work` on the main loop as post() does: later, in the order of the calls. One turn of the loop takes as much of
/// such work as fits into a few milliseconds, so that a crowd of it, as of DTLS handshakes, delays nothing else. Any
/// thread.
void post_sliced(std::function<void()> work);

}  // namespace voicecast
