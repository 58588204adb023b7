// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

typedef struct _GThreadPool GThreadPool;

namespace voicecast {

/// One thread for work that may block, done in the order of the calls. Work that takes longer than the limit is logged
/// and keeps that thread to itself; until it comes back, another thread goes on with the rest, in order. So it is seen
/// by the main loop, which must run. run() may be called on any thread, the rest on the main thread.
class WorkThread {
 public:
  explicit WorkThread(std::chrono::milliseconds limit);
  /// Waits for all work.
  ~WorkThread();
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  /// `what` is for the log, as in "stopping receiver_1".
  void run(std::string what, std::function<void()> work);

 private:
  struct Job;
  void work_off(const std::shared_ptr<Job>& job);
  void leave(Job& job);
  void end(Job& job);

  std::chrono::milliseconds limit_;
  std::mutex mutex_;  ///< of what follows, and of the jobs' states
  int threads_ = 1;   ///< those that work is left to, and one
  bool is_ending_ = false;
  GThreadPool* pool_;
};

}  // namespace voicecast
