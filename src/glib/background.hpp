#pragma once

#include <functional>

namespace voicecast {

/// Runs `work` on the one background thread, in the order of the calls. For what may take milliseconds and must not
/// hold up the main loop, such as taking elements to NULL. Any thread.
void in_background(std::function<void()> work);

/// Waits until all background work is done and ends its thread. Main thread, once, when the program stops.
void finish_background();

}  // namespace voicecast
