// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

typedef struct _GThreadPool GThreadPool;

namespace voicecast {

/// Runs `work` on the background thread, in the order of the calls. For work of milliseconds that must not block the
/// main loop, such as setting elements to NULL. Work that takes longer than 5 s is logged as `what` ("stopping
/// receiver_1"), and the rest continues on another thread (see WorkThread). Any thread.
void in_background(std::string what, std::function<void()> work);

/// A queue of background work with a thread of its own, for work that may hang on a network or a disk and must not
/// delay other work. Runs its work in order. Any thread.
class BackgroundQueue {
 public:
  BackgroundQueue();
  /// Queued work still runs.
  ~BackgroundQueue();
  BackgroundQueue(const BackgroundQueue&) = delete;
  BackgroundQueue& operator=(const BackgroundQueue&) = delete;

  /// Appends `work` to the queue. Any thread.
  void run(std::function<void()> work);

 private:
  GThreadPool* pool_;
};

/// Waits until all background work is done and ends its thread. Waits at most 3 s for the work of the queues, which may
/// hang for ever. Main thread, once, at the end of the program.
void finish_background();

}  // namespace voicecast
