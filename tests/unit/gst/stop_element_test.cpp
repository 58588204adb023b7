// SPDX-License-Identifier: MIT
#include "gst/stop_element.hpp"

#include <gst/gst.h>
#include <gtest/gtest.h>

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
