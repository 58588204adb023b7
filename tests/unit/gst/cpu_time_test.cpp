// SPDX-License-Identifier: MIT
#include "gst/cpu_time.hpp"

#include <gst/check/gstharness.h>

#include <ctime>
#include <thread>

#include <gtest/gtest.h>

namespace voicecast {
namespace {

constexpr std::uint64_t ms = 1'000'000;  // in nanoseconds

std::uint64_t cpu_time_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

void work(std::uint64_t ns) {
  for (const auto end = cpu_time_ns() + ns; cpu_time_ns() < end;) {
  }
}

/// An element whose source pad is measured; what is pushed into it comes out on the same thread.
class CpuTime : public testing::Test {
 protected:
  CpuTime() {
    gst_init(nullptr, nullptr);
    harness_ = gst_harness_new("identity");
    gst_harness_set_src_caps_str(harness_, "audio/x-raw");
    GstPad* source = gst_element_get_static_pad(harness_->element, "src");
    count_cpu_time(source, spent_ns_);
    gst_object_unref(source);
  }
  ~CpuTime() override { gst_harness_teardown(harness_); }

  void push() { gst_harness_push(harness_, gst_buffer_new()); }

  GstHarness* harness_;
  std::shared_ptr<std::atomic<std::uint64_t>> spent_ns_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

TEST_F(CpuTime, CountsTimeBetweenBuffers) {
  work(5 * ms);
  const auto before = cpu_time_ns();
  push();
  EXPECT_EQ(*spent_ns_, 0U);
  work(20 * ms);
  push();
  EXPECT_GE(*spent_ns_, 20 * ms);
  work(10 * ms);
  push();
  const auto spent = spent_ns_->load(), used = cpu_time_ns() - before;
  EXPECT_GE(spent, 30 * ms);
  EXPECT_LE(spent, used);
}

TEST_F(CpuTime, ExcludesWaiting) {
  push();
  std::thread([] { work(20 * ms); }).join();
  push();
  EXPECT_LT(*spent_ns_, 20 * ms);
}

TEST_F(CpuTime, RestartsWithAnotherThread) {
  push();
  std::thread([this] {
    work(20 * ms);
    push();
    EXPECT_LT(*spent_ns_, 20 * ms);
    work(20 * ms);
    push();
  }).join();
  EXPECT_GE(*spent_ns_, 20 * ms);
  EXPECT_LT(*spent_ns_, 40 * ms);
}

}  // namespace
}  // namespace voicecast
