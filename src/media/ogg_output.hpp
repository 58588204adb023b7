#pragma once

#include <memory>
#include <string>

#include "media/frame_output.hpp"

namespace voicecast {

/// A stream's Opus packets as they came, in pages of Ogg (RFC 7845): no decoder, no encoder. header() is OpusHead and
/// OpusTags. Main thread.
class OggOutput : public FrameOutput {
 public:
  /// Starts it (pipelines/ogg_station.launch) behind `tee`. `name` is unique in the pipeline.
  static Result<std::shared_ptr<OggOutput>> start(const std::string& name, GPtr<GstElement> tee,
                                                  const MediaConfig& config);

 private:
  OggOutput() = default;
};

}  // namespace voicecast
