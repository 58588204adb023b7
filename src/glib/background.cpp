#include "glib/background.hpp"

#include <glib.h>

#include <future>
#include <memory>
#include <utility>

namespace voicecast {
namespace {

using Work = std::function<void()>;

GThreadPool* pool() {
  static GThreadPool* one_thread =
      g_thread_pool_new([](gpointer p, gpointer) noexcept { (*std::unique_ptr<Work>(static_cast<Work*>(p)))(); },
                        nullptr, 1, TRUE, nullptr);
  return one_thread;
}

/// Waits for all work that was given before.
void drain() {
  std::promise<void> done;
  in_background([&done] { done.set_value(); });
  done.get_future().wait();
}

}  // namespace

void in_background(Work work) { g_thread_pool_push(pool(), new Work(std::move(work)), nullptr); }

void finish_background() {
  // Twice: a pipeline that the first round stops lets its streaming thread hand in the branches that were leaving.
  drain();
  drain();
  g_thread_pool_free(pool(), FALSE, TRUE);
}

}  // namespace voicecast
