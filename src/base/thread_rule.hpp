// SPDX-License-Identifier: MIT
#pragma once

namespace voicecast {

/// Declares the calling thread the main thread. Once, at the start.
void become_main_thread();

/// Aborts a debug build when called on another thread than the main thread, which owns all product state. (Thread
/// sanitizers do not see the locks of an uninstrumented GLib.) Before become_main_thread(), as in unit tests, every
/// thread is accepted.
#ifdef NDEBUG
inline void assert_main_thread() {}
#else
void assert_main_thread();
#endif

}  // namespace voicecast
