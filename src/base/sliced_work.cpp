// SPDX-License-Identifier: MIT
#include "base/sliced_work.hpp"

#include <chrono>
#include <deque>
#include <mutex>
#include <utility>

#include "base/main_loop.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// One piece, a step of a handshake, takes up to a millisecond.
constexpr auto slice = 2ms;

std::mutex mutex;
std::deque<std::function<void()>> waiting;  // under the mutex; while it is not empty, run_slice() is posted

std::function<void()> take_first() {
  const std::lock_guard lock(mutex);
  return std::move(waiting.front());
}

/// The place of the work in the queue stays taken while it runs, so that nobody posts a second slice.
bool end_first() {
  const std::lock_guard lock(mutex);
  waiting.pop_front();
  return !waiting.empty();
}

void run_slice() {
  const auto end = std::chrono::steady_clock::now() + slice;
  bool is_more = true;
  while (is_more && std::chrono::steady_clock::now() < end) {
    take_first()();
    is_more = end_first();
  }
  if (is_more) post(run_slice);
}

}  // namespace

void post_sliced(std::function<void()> work) {
  const std::lock_guard lock(mutex);
  waiting.push_back(std::move(work));
  if (waiting.size() == 1) post(run_slice);
}

}  // namespace voicecast
