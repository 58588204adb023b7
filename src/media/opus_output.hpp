#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "glib/ptr.hpp"
#include "media/branch.hpp"
#include "media/media_config.hpp"
#include "media/publish_target.hpp"
#include "media/takers.hpp"

namespace voicecast {

/// The Opus packets of one stream, untouched, for those who publish or record them. Main thread.
class OpusOutput : public std::enable_shared_from_this<OpusOutput> {
 public:
  /// Called on the main loop with one packet and its time.
  using OnPacket = Takers<PublishFrames>::Take;
  using Subscription = Takers<PublishFrames>::Subscription;

  /// Hangs the branch of pipelines/opus.launch on `tee`. `name` is unique in the pipeline.
  static Result<std::shared_ptr<OpusOutput>> start(const std::string& name, GPtr<GstElement> tee,
                                                   const MediaConfig& config);

  /// Gives `take` all packets from now on, for as long as the subscription is held.
  [[nodiscard]] Subscription subscribe(OnPacket take) { return takers_.add(std::move(take)); }

 private:
  OpusOutput() = default;
  std::optional<Branch> branch_;
  Takers<PublishFrames> takers_;
};

}  // namespace voicecast
