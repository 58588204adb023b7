// SPDX-License-Identifier: MIT
#include "gst/cpu_time.hpp"

#include <gst/gst.h>

#include <ctime>
#include <thread>
#include <utility>

namespace voicecast {
namespace {

std::uint64_t cpu_time_of_this_thread_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

/// On the streaming thread.
struct Meter {
  std::shared_ptr<std::atomic<std::uint64_t>> spent_ns;
  std::thread::id thread = {};
  std::uint64_t last_ns = 0;

  /// GStreamer may continue on another thread of its pool, whose CPU time has a different origin.
  void read() {
    const auto now_ns = cpu_time_of_this_thread_ns();
    if (std::exchange(thread, std::this_thread::get_id()) == std::this_thread::get_id())
      spent_ns->fetch_add(now_ns - last_ns, std::memory_order_relaxed);
    last_ns = now_ns;
  }
};

}  // namespace

void count_cpu_time(GstPad* pad, std::shared_ptr<std::atomic<std::uint64_t>> spent_ns) {
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer meter) noexcept {
        static_cast<Meter*>(meter)->read();
        return GST_PAD_PROBE_OK;
      },
      new Meter{std::move(spent_ns)}, [](gpointer meter) { delete static_cast<Meter*>(meter); });
}

}  // namespace voicecast
