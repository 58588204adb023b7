// SPDX-License-Identifier: MIT
#include "gst/stop_element.hpp"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

/// What a webrtcbin does with the promise that it is asked for an answer with.
enum class Manner { replies, drops, keeps };
Manner manner = Manner::replies;
GstPromise* kept = nullptr;

/// Stands for webrtcbin: the signals that stop_element() emits, and nothing behind them.
struct FakeWebrtcbin {
  GstBin parent;
};
struct FakeWebrtcbinClass {
  GstBinClass parent;
};
G_DEFINE_TYPE(FakeWebrtcbin, fake_webrtcbin, GST_TYPE_BIN)

GObject* no_transceiver(GstElement*, int, gpointer) { return nullptr; }

void take_promise(GstElement*, GstStructure*, GstPromise* promise, gpointer) {
  switch (manner) {
    case Manner::replies:
      return gst_promise_reply(promise, nullptr);
    case Manner::drops:
      return;
    case Manner::keeps:
      kept = gst_promise_ref(promise);
  }
}

void fake_webrtcbin_init(FakeWebrtcbin*) {}
void fake_webrtcbin_class_init(FakeWebrtcbinClass* type) {
  g_signal_new_class_handler("get-transceiver", G_TYPE_FROM_CLASS(type), G_SIGNAL_RUN_LAST, G_CALLBACK(no_transceiver),
                             nullptr, nullptr, nullptr, G_TYPE_OBJECT, 1, G_TYPE_INT);
  g_signal_new_class_handler("create-answer", G_TYPE_FROM_CLASS(type), G_SIGNAL_RUN_LAST, G_CALLBACK(take_promise),
                             nullptr, nullptr, nullptr, G_TYPE_NONE, 2, GST_TYPE_STRUCTURE, GST_TYPE_PROMISE);
}

/// A pipeline with such a webrtcbin in it, which has one of these slots.
GPtr<GstElement> playing(const Slots& slots) {
  static const bool is_registered =
      gst_init_check(nullptr, nullptr, nullptr) &&
      gst_element_register(nullptr, "webrtcbin", GST_RANK_PRIMARY, fake_webrtcbin_get_type());
  EXPECT_TRUE(is_registered);
  auto pipeline = GPtr<GstElement>::adopt(gst_pipeline_new(nullptr));
  auto* webrtcbin = gst_element_factory_make("webrtcbin", nullptr);
  EXPECT_EQ(G_OBJECT_TYPE(webrtcbin), fake_webrtcbin_get_type());
  gst_bin_add(GST_BIN(pipeline.get()), webrtcbin);
  occupy(webrtcbin, slots.take());
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  return pipeline;
}

class StopElement : public testing::TestWithParam<Manner> {};

/// It comes to an end whatever becomes of the promise, and the slot is free with that.
TEST_P(StopElement, Ends) {
  manner = GetParam();
  const Slots slots;
  const auto pipeline = playing(slots);
  EXPECT_EQ(slots.taken(), 1U);
  stop_element(pipeline.get());
  EXPECT_EQ(slots.taken(), 0U);
  GstState state{};
  gst_element_get_state(pipeline.get(), &state, nullptr, 0);
  EXPECT_EQ(state, GST_STATE_NULL);
  if (kept) {
    gst_promise_reply(kept, nullptr);
    gst_promise_unref(std::exchange(kept, nullptr));
  }
}

INSTANTIATE_TEST_SUITE_P(, StopElement, testing::Values(Manner::replies, Manner::drops, Manner::keeps));

std::atomic<int> arrived = 0;

/// The pipeline stops although a packet waits for room in its jitter buffer. That has room for 10,000 packets and half
/// of the sequence numbers; none leaves it, because its exit is blocked.
TEST(StopElementDirectly, EndsWaitForFullJitterBuffer) {
  gst_init(nullptr, nullptr);
  const auto pipeline = GPtr<GstElement>::adopt(
      gst_parse_launch("appsrc name=source format=time ! application/x-rtp,media=audio,clock-rate=48000,"
                       "encoding-name=OPUS,payload=96 ! queue max-size-buffers=0 max-size-bytes=0 max-size-time=0 ! "
                       "rtpjitterbuffer name=buffer ! fakesink async=false",
                       nullptr));
  const auto source = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "source"));
  const auto buffer = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "buffer"));
  const auto entry = GPtr<GstPad>::adopt(gst_element_get_static_pad(buffer.get(), "sink"));
  gst_pad_add_probe(
      entry.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer) {
        ++arrived;
        return GST_PAD_PROBE_OK;
      },
      nullptr, nullptr);
  const auto exit = GPtr<GstPad>::adopt(gst_element_get_static_pad(buffer.get(), "src"));
  constexpr auto packets_block = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER);
  const auto stay = [](GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_OK; };
  gst_pad_add_probe(exit.get(), packets_block, stay, nullptr, nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  constexpr int room = 10'001, packets = room + 1, step = 4;
  for (int i = 0; i < packets; ++i) {
    const auto sequence = static_cast<guint16>(i * step);
    const auto high = static_cast<guint8>(sequence >> 8), low = static_cast<guint8>(sequence);
    const std::array<guint8, 13> packet{0x80, 96, high, low, 0, 0, high, low};
    auto* sent = gst_buffer_new_memdup(packet.data(), packet.size());
    GST_BUFFER_PTS(sent) = GST_BUFFER_DTS(sent) = static_cast<GstClockTime>(i) * GST_MSECOND;
    gst_app_src_push_buffer(GST_APP_SRC(source.get()), sent);
  }
  while (arrived < packets) std::this_thread::yield();
  auto stopped = std::async(std::launch::async, [&] { stop_element(pipeline.get()); });
  ASSERT_EQ(stopped.wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST(Occupy, ReleasesSlotOfUnstoppedWebrtcbin) {
  gst_init(nullptr, nullptr);
  const Slots slots;
  {
    const auto webrtcbin = GPtr<GstElement>::adopt(gst_bin_new(nullptr));
    occupy(webrtcbin.get(), slots.take());
    EXPECT_EQ(slots.taken(), 1U);
  }
  EXPECT_EQ(slots.taken(), 0U);
}

}  // namespace
}  // namespace voicecast
