// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <glib.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <utility>

#include "base/work_thread.hpp"

namespace voicecast {
namespace {

using Work = std::function<void()>;

void do_work(gpointer p, gpointer) noexcept { (*std::unique_ptr<Work>(static_cast<Work*>(p)))(); }

/// Milliseconds are usual; closing DTLS towards an unresponsive peer takes the longest (see stop_element()).
constexpr auto usual_limit = std::chrono::seconds(5);

/// Destroyed by finish_background() alone.
WorkThread& work_thread() {
  static auto* thread = new WorkThread(usual_limit);
  return *thread;
}

/// Counts the unfinished work of all queues.
class Pending {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void remove() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  void wait_for(std::chrono::seconds limit) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, limit, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  unsigned count_ = 0;
};

/// Never destroyed: a hanging thread may return while the program ends.
Pending& pending() {
  static auto* all = new Pending;
  return *all;
}

/// Bounds the time of a shutdown, for which systemd and the operator wait.
constexpr auto longest_wait = std::chrono::seconds(3);

/// Waits for all work queued before.
void drain() {
  std::promise<void> done;
  in_background("draining", [&done] { done.set_value(); });
  done.get_future().wait();
}

}  // namespace

void in_background(std::string what, Work work) { work_thread().run(std::move(what), std::move(work)); }

BackgroundQueue::BackgroundQueue() : pool_(g_thread_pool_new(do_work, nullptr, 1, FALSE, nullptr)) {}

BackgroundQueue::~BackgroundQueue() { g_thread_pool_free(pool_, FALSE, FALSE); }

void BackgroundQueue::run(std::function<void()> work) {
  pending().add();
  g_thread_pool_push(pool_, new Work([work = std::move(work)]() mutable {
                       work();
                       work = nullptr;  // frees what it holds before it counts as done
                       pending().remove();
                     }),
                     nullptr);
}

void finish_background() {
  pending().wait_for(longest_wait);
  // Twice: the streaming thread of a pipeline that the first round stops may queue branches that were being removed.
  drain();
  drain();
  delete &work_thread();
}

}  // namespace voicecast
