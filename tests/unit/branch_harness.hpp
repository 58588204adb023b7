// SPDX-License-Identifier: MIT
#pragma once

#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gst/gst.hpp"

namespace voicecast {

/// Runs a pipeline with an appsink named "out" to its end, as fast as possible. `input` is pushed to its appsrc "in",
/// if any.
std::vector<GPtr<GstBuffer>> run_pipeline(const std::string& text, const std::string& input = {});

/// What audiotestsrc gives with these properties, as RTP/Opus.
struct Voice {
  std::string source = "wave=sine freq=440 volume=0.5";
  int channels = 1;
  double seconds = 1;
  std::string frame_ms = "20";  ///< 2.5 is written as 2
  std::string encoder;          ///< further properties of opusenc
};
std::vector<GPtr<GstBuffer>> rtp_of(const Voice& voice);

/// A sample of the left channel each, 44.1 kHz; all of `mp3` must be MP3.
std::vector<std::int16_t> decode_mp3(const std::string& mp3);

struct FreeHarness {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};
using Harness = std::unique_ptr<GstHarness, FreeHarness>;
/// A branch of the tee on a clock that only the test moves: RTP goes in, what it makes comes out.
class BranchHarness {
 public:
  explicit BranchHarness(GPtr<GstElement> bin);
  ~BranchHarness();
  BranchHarness(const BranchHarness&) = delete;

  /// Hands in an RTP packet and waits until the elements behind the queue are through with it.
  void push(const GPtr<GstBuffer>& packet);
  /// Hands in what the branch does not let in.
  void push_in_vain(const GPtr<GstBuffer>& packet);
  void tell_lost_in_vain(const GPtr<GstBuffer>& packet, GstClockTime duration);
  /// What the jitter buffer says of a packet that never came, in its place; waits in the same way.
  void tell_lost(const GPtr<GstBuffer>& packet, GstClockTime duration);
  /// Moves the clock to where the pacer waits for, and waits until it waits again.
  void tick();
  void tick_until(GstClockTime time);
  GstClockTime now() const { return gst_clock_get_time(GST_CLOCK(clock_.get())); }
  /// All buffers that came out since the last time.
  std::vector<std::string> take();
  GPtr<GstElement> element(const char* factory) const;

 private:
  void hand_in(const GPtr<GstBuffer>& packet);
  void hand_in_loss(const GPtr<GstBuffer>& packet, GstClockTime duration);
  void wait_until_through();

  GPtr<GstElement> bin_;
  Harness harness_;
  GPtr<GstObject> clock_;
  GPtr<GstPad> behind_queue_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::size_t pushed_ = 0, arrived_ = 0;
};

}  // namespace voicecast
