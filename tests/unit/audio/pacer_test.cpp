// SPDX-License-Identifier: MIT
#include "audio/pacer.hpp"

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <future>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// Ready once a buffer arrives at the element.
std::future<void> arrival_at(GstElement* sink) {
  auto* arrived = new std::promise<void>;
  auto arrival = arrived->get_future();
  const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(sink, "sink"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer p) noexcept {
        static_cast<std::promise<void>*>(p)->set_value();
        return GST_PAD_PROBE_REMOVE;
      },
      arrived, [](gpointer p) { delete static_cast<std::promise<void>*>(p); });
  return arrival;
}

class PacerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
};

/// Stops it like its bin: the sink first. A thread that waits for the other would wait forever.
TEST_F(PacerTest, StopsWithBlockedSink) {
  const auto pipeline = GPtr<GstElement>::adopt(gst_pipeline_new(nullptr));
  auto* pacer = make_pacer();
  auto* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "async", FALSE, nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), pacer, sink, nullptr);
  ASSERT_TRUE(gst_element_link(pacer, sink));
  gst_element_set_locked_state(sink, TRUE);
  gst_element_set_state(sink, GST_STATE_PAUSED);  // it keeps the first buffer

  const auto arrival = arrival_at(sink);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  ASSERT_EQ(arrival.wait_for(20s), std::future_status::ready);

  auto stopped = std::async(std::launch::async, [pacer] { gst_element_set_state(pacer, GST_STATE_PAUSED); });
  EXPECT_EQ(stopped.wait_for(5s), std::future_status::ready);
  gst_element_set_state(sink, GST_STATE_NULL);
  stopped.wait();
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

TEST_F(PacerTest, ContinuesAfterPause) {
  const auto pipeline = GPtr<GstElement>::adopt(gst_pipeline_new(nullptr));
  auto* sink = gst_element_factory_make("fakesink", nullptr);
  auto* pacer = make_pacer();
  gst_bin_add_many(GST_BIN(pipeline.get()), pacer, sink, nullptr);
  ASSERT_TRUE(gst_element_link(pacer, sink));
  for (int round = 0; round < 3; ++round) {
    const auto arrival = arrival_at(sink);
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    EXPECT_EQ(arrival.wait_for(20s), std::future_status::ready) << round;
    gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

}  // namespace
}  // namespace voicecast
