// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "audio/frame_output.hpp"
#include "gst/branch.hpp"
#include "gst/pipeline_text.hpp"

namespace voicecast {

/// CPU time of all MP3 encoders since the start, in nanoseconds. Written by media threads, which may briefly outlive
/// their stream and therefore share ownership; read on any thread.
struct EncoderTimes {
  std::atomic<std::uint64_t> decoding_ns{0}, encoding_ns{0};
};

/// The bin of mp3.launch with its pacer: RTP in, MP3 frames out. Error: the text is invalid.
Result<GPtr<GstElement>> build_mp3_branch(const std::string& name, const PipelineTexts& texts, unsigned bitrate_kbps);

/// The MP3 encoder of one stream: whole MP3 frames in real time, independent of the sender's packets. Main thread.
class Mp3Output : public FrameOutput, public std::enable_shared_from_this<Mp3Output> {
 public:
  /// Starts the encoder (pipelines/mp3.launch) behind `tee`. `name` is unique in the pipeline; `times` counts its CPU
  /// time.
  static Result<std::shared_ptr<Mp3Output>> start(const std::string& name, GPtr<GstElement> tee,
                                                  const PipelineTexts& texts, unsigned bitrate_kbps,
                                                  const std::shared_ptr<EncoderTimes>& times);

 private:
  Mp3Output() = default;
  Status add_sink(GstElement* bin);
  std::optional<Branch> branch_;
};

}  // namespace voicecast
