// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

typedef struct _GThreadPool GThreadPool;

namespace voicecast {

/// Runs `work` on the one background thread, in the order of the calls. For what may take milliseconds and must not
/// hold up the main loop, such as taking elements to NULL. What takes over 5 s is logged as `what` ("stopping
/// receiver_1") and left alone; the rest goes on without it (see WorkThread). Any thread.
void in_background(std::string what, std::function<void()> work);

/// A queue of background work of its own, for what may hang on a network or a disk and must hold up nobody else. Its
/// work is done in order. Any thread.
class BackgroundQueue {
 public:
  BackgroundQueue();
  /// What was given is done nevertheless.
  ~BackgroundQueue();
  BackgroundQueue(const BackgroundQueue&) = delete;
  BackgroundQueue& operator=(const BackgroundQueue&) = delete;

  void run(std::function<void()> work);

 private:
  GThreadPool* pool_;
};

/// Waits until all background work is done and ends its thread; for the queues' work no longer than 3 s, as it may hang
/// for ever. Main thread, once, when the program stops.
void finish_background();

}  // namespace voicecast
