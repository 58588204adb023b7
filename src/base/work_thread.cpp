// SPDX-License-Identifier: MIT
#include "base/work_thread.hpp"

#include <memory>
#include <utility>

#include "base/log.hpp"
#include "base/main_loop.hpp"

namespace voicecast {

/// A piece of work and its state.
struct WorkThread::Job {
  std::string what;
  std::function<void()> work;
  bool is_left = false, is_done = false;
};

WorkThread::WorkThread(std::chrono::milliseconds limit)
    : limit_(limit),
      pool_(g_thread_pool_new(
          [](gpointer job, gpointer self) noexcept {
            static_cast<WorkThread*>(self)->work_off(std::shared_ptr<Job>(static_cast<Job*>(job)));
          },
          this, threads_, TRUE, nullptr)) {}

WorkThread::~WorkThread() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  g_thread_pool_free(pool_, FALSE, TRUE);
}

void WorkThread::run(std::string what, std::function<void()> work) {
  g_thread_pool_push(pool_, new Job{std::move(what), std::move(work)}, nullptr);
}

/// On a thread of the pool.
void WorkThread::work_off(const std::shared_ptr<Job>& job) {
  const auto limit = after(limit_, [this, job] { leave(*job); });
  job->work();
  job->work = nullptr;  // freeing its captures is part of the work
  end(*job);
}

/// Runs on the main loop when the limit has passed.
void WorkThread::leave(Job& job) {
  const std::lock_guard lock(mutex_);
  if (job.is_done) return;
  job.is_left = true;
  g_thread_pool_set_max_threads(pool_, ++threads_, nullptr);
  log_warning(job.what + " takes too long; other background work continues on a new thread");
}

void WorkThread::end(Job& job) {
  const std::lock_guard lock(mutex_);
  job.is_done = true;
  if (!job.is_left) return;
  --threads_;
  if (!is_ending_) g_thread_pool_set_max_threads(pool_, threads_, nullptr);
  log_info(job.what + " has finished");
}

}  // namespace voicecast
