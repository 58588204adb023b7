// SPDX-License-Identifier: MIT
#pragma once

namespace voicecast {

/// Notes that the calling thread is the main thread. Once, at the start.
void become_main_thread();

/// In a debug build, ends the program when called on another thread: all product state is the main thread's. (Thread
/// sanitizers are blind to an uninstrumented GLib's locks.) Before become_main_thread(), as in unit tests, any will do.
#ifdef NDEBUG
inline void assert_main_thread() {}
#else
void assert_main_thread();
#endif

}  // namespace voicecast
