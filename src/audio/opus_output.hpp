// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "audio/encoded_frames.hpp"
#include "audio/subscribers.hpp"
#include "audio/voice_continuity.hpp"
#include "base/main_loop.hpp"
#include "base/ptr.hpp"
#include "gst/branch.hpp"
#include "gst/pipeline_text.hpp"

namespace voicecast {

/// The Opus packets of one stream, for publishing, recording and Ogg. Concealment packets replace missing ones, so that
/// their total duration is that of the audio (see VoiceContinuity). Main thread.
class OpusOutput : public std::enable_shared_from_this<OpusOutput> {
 public:
  /// Called on the main loop with one packet and its time, the duration of all earlier packets.
  using OnPacket = Subscribers<EncodedFrames>::Take;
  using Subscription = Subscribers<EncodedFrames>::Subscription;

  /// Adds the branch of pipelines/opus.launch behind `tee`. `name` is unique in the pipeline.
  static Result<std::shared_ptr<OpusOutput>> start(const std::string& name, GPtr<GstElement> tee,
                                                   const PipelineTexts& texts);

  /// Calls `take` with every packet from now on, until the subscription is dropped.
  [[nodiscard]] Subscription subscribe(OnPacket take) { return subscribers_.add(std::move(take)); }

 private:
  using Time = VoiceContinuity::Time;
  OpusOutput();
  void take(const GPtr<GBytes>& rtp, Time came_at);
  void hand_out(std::span<const std::uint8_t> packet, std::size_t samples);

  std::optional<Branch> branch_;
  VoiceContinuity continuity_;
  const VoiceContinuity::Give give_;
  std::uint64_t given_samples_ = 0;
  Timer pause_;
  Subscribers<EncodedFrames> subscribers_;
};

}  // namespace voicecast
