// SPDX-License-Identifier: MIT
#include "unit/branch_harness.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtp/gstrtpbuffer.h>

#include <cstring>
#include <utility>

namespace voicecast {
namespace {

constexpr const char* rtp_caps =
    "application/x-rtp, media=audio, encoding-name=OPUS, clock-rate=48000, payload=96, sprop-stereo=(string)1";

std::string bytes_of(GstBuffer* buffer) {
  std::string bytes(gst_buffer_get_size(buffer), '\0');
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

}  // namespace

std::vector<GPtr<GstBuffer>> run_pipeline(const std::string& text, const std::string& input) {
  const auto pipeline = GPtr<GstElement>::adopt(gst_parse_launch(text.c_str(), nullptr));
  const auto out = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  g_object_set(out.get(), "sync", FALSE, nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  if (const auto in = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"))) {
    gst_app_src_push_buffer(GST_APP_SRC(in.get()), gst_buffer_new_memdup(input.data(), input.size()));
    gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
  }
  std::vector<GPtr<GstBuffer>> buffers;
  while (const auto sample = GPtr<GstSample>::adopt(gst_app_sink_pull_sample(GST_APP_SINK(out.get()))))
    buffers.push_back(GPtr<GstBuffer>::share(gst_sample_get_buffer(sample.get())));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return buffers;
}

std::vector<GPtr<GstBuffer>> rtp_of(const Voice& voice) {
  constexpr int samples = 480;
  const auto buffers = std::to_string(static_cast<int>(voice.seconds * 48000 / samples));
  return run_pipeline("audiotestsrc num-buffers=" + buffers + " samplesperbuffer=" + std::to_string(samples) + " " +
                      voice.source + " ! audio/x-raw,rate=48000,channels=" + std::to_string(voice.channels) +
                      " ! opusenc frame-size=" + voice.frame_ms + " " + voice.encoder +
                      " ! rtpopuspay pt=96 ! appsink name=out");
}

std::vector<std::int16_t> decode_mp3(const std::string& mp3) {
  std::vector<std::int16_t> left;
  for (const auto& buffer : run_pipeline("appsrc name=in ! mpegaudioparse ! mpg123audiodec ! audioconvert ! "
                                         "audio/x-raw,format=S16LE,rate=44100,channels=2 ! appsink name=out",
                                         mp3)) {
    const auto bytes = bytes_of(buffer.get());
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
      std::int16_t sample;
      std::memcpy(&sample, &bytes[at], sizeof sample);
      left.push_back(sample);
    }
  }
  return left;
}

BranchHarness::BranchHarness(GPtr<GstElement> bin)
    : bin_(std::move(bin)), harness_(gst_harness_new_with_element(bin_.get(), "sink", "src")) {
  clock_ = GPtr<GstObject>::adopt(GST_OBJECT(gst_harness_get_testclock(harness_.get())));
  const auto queue = element("queue");
  const auto source = GPtr<GstPad>::adopt(gst_element_get_static_pad(queue.get(), "src"));
  behind_queue_ = GPtr<GstPad>::adopt(gst_pad_get_peer(source.get()));
  gst_pad_add_probe(
      behind_queue_.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer p) {
        auto* self = static_cast<BranchHarness*>(p);
        const bool is_buffer = (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0;
        if (!is_buffer && GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_CUSTOM_DOWNSTREAM)
          return GST_PAD_PROBE_OK;
        const std::lock_guard lock(self->mutex_);
        ++self->arrived_;
        self->came_.notify_all();
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  gst_harness_set_src_caps_str(harness_.get(), rtp_caps);
}

BranchHarness::~BranchHarness() = default;

void BranchHarness::hand_in(const GPtr<GstBuffer>& packet) {
  auto* copy = gst_buffer_copy(packet.get());
  GST_BUFFER_PTS(copy) = now();
  gst_harness_push(harness_.get(), copy);
}

void BranchHarness::push(const GPtr<GstBuffer>& packet) {
  hand_in(packet);
  wait_until_through();
}

void BranchHarness::push_in_vain(const GPtr<GstBuffer>& packet) { hand_in(packet); }

void BranchHarness::tell_lost(const GPtr<GstBuffer>& packet, GstClockTime duration) {
  hand_in_loss(packet, duration);
  wait_until_through();
}

void BranchHarness::tell_lost_in_vain(const GPtr<GstBuffer>& packet, GstClockTime duration) {
  hand_in_loss(packet, duration);
}

void BranchHarness::wait_until_through() {
  std::unique_lock lock(mutex_);
  ++pushed_;
  came_.wait(lock, [this] { return arrived_ == pushed_; });
  lock.unlock();
  // The probe runs under this lock, and so does everything behind it.
  GST_PAD_STREAM_LOCK(behind_queue_.get());
  GST_PAD_STREAM_UNLOCK(behind_queue_.get());
}

void BranchHarness::hand_in_loss(const GPtr<GstBuffer>& packet, GstClockTime duration) {
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gst_rtp_buffer_map(packet.get(), GST_MAP_READ, &rtp);
  const guint sequence = gst_rtp_buffer_get_seq(&rtp);
  gst_rtp_buffer_unmap(&rtp);
  gst_harness_push_event(
      harness_.get(),
      gst_event_new_custom(
          GST_EVENT_CUSTOM_DOWNSTREAM,
          gst_structure_new("GstRTPPacketLost", "seqnum", G_TYPE_UINT, sequence, "timestamp", G_TYPE_UINT64, now(),
                            "duration", G_TYPE_UINT64, duration, "retry", G_TYPE_UINT, 0, nullptr)));
}

void BranchHarness::tick() {
  auto* clock = GST_TEST_CLOCK(clock_.get());
  gst_test_clock_crank(clock);
  gst_test_clock_wait_for_next_pending_id(clock, nullptr);
}

void BranchHarness::tick_until(GstClockTime time) {
  auto* clock = GST_TEST_CLOCK(clock_.get());
  gst_test_clock_wait_for_next_pending_id(clock, nullptr);
  while (gst_test_clock_get_next_entry_time(clock) <= time) tick();
  gst_test_clock_set_time(clock, time);
}

std::vector<std::string> BranchHarness::take() {
  std::vector<std::string> all;
  while (const auto buffer = GPtr<GstBuffer>::adopt(gst_harness_try_pull(harness_.get())))
    all.push_back(bytes_of(buffer.get()));
  return all;
}

GPtr<GstElement> BranchHarness::element(const char* factory) const {
  GstIterator* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(bin_.get()), factory);
  GValue value = G_VALUE_INIT;
  GPtr<GstElement> found;
  if (gst_iterator_next(all, &value) == GST_ITERATOR_OK) {
    found = GPtr<GstElement>::share(GST_ELEMENT(g_value_get_object(&value)));
    g_value_unset(&value);
  }
  gst_iterator_free(all);
  return found;
}

}  // namespace voicecast
