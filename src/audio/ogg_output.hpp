// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "audio/frame_output.hpp"
#include "audio/ogg_pages.hpp"
#include "audio/opus_output.hpp"

namespace voicecast {

/// A stream's own Opus packets in Ogg pages (RFC 7845), without transcoding. Main thread.
class OggOutput : public FrameOutput {
 public:
  /// `title`: the stream's name, in UTF-8.
  OggOutput(std::shared_ptr<OpusOutput> opus, std::string_view title);

  std::string_view header() const override { return pages_.header(); }
  GPtr<GBytes> end() override;

 private:
  void take(const EncodedFrames& packet);
  OggPages pages_;
  std::shared_ptr<OpusOutput> opus_;
  OpusOutput::Subscription packets_;
};

}  // namespace voicecast
