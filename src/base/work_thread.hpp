// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

typedef struct _GThreadPool GThreadPool;

namespace voicecast {

/// One thread for work that may block, in the order of the calls. Work that exceeds the limit is logged and keeps its
/// thread; until it finishes, another thread continues with the rest, in order. The main loop must run, for it checks
/// the limit. run() may be called on any thread, everything else on the main thread.
class WorkThread {
 public:
  explicit WorkThread(std::chrono::milliseconds limit);
  /// Waits for all queued work.
  ~WorkThread();
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  /// Queues `work`; `what` names it in the log, as in "stopping receiver_1".
  void run(std::string what, std::function<void()> work);

 private:
  struct Job;
  void work_off(const std::shared_ptr<Job>& job);
  void leave(Job& job);
  void end(Job& job);

  std::chrono::milliseconds limit_;
  std::mutex mutex_;  ///< guards the members below and the state of the jobs
  int threads_ = 1;   ///< one, and one for each job over the limit
  bool is_ending_ = false;
  GThreadPool* pool_;
};

}  // namespace voicecast
