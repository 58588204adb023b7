#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "glib/ptr.hpp"
#include "media/branch.hpp"
#include "media/media_config.hpp"
#include "media/publish_target.hpp"

namespace voicecast {

/// The Opus packets of one stream, untouched, for those who publish or record them. Main thread.
class OpusOutput : public std::enable_shared_from_this<OpusOutput> {
 public:
  /// Called on the main loop with one packet and its time.
  using OnPacket = std::function<void(const PublishFrames& packet)>;
  using Subscription = std::shared_ptr<const OnPacket>;

  /// Hangs the branch of pipelines/opus.launch on `tee`. `name` is unique in the pipeline.
  static Result<std::shared_ptr<OpusOutput>> start(const std::string& name, GPtr<GstElement> tee,
                                                   const MediaConfig& config);

  /// Gives `take` all packets from now on, for as long as the subscription is held.
  [[nodiscard]] Subscription subscribe(OnPacket take);

 private:
  OpusOutput() = default;
  void hand_out(const PublishFrames& packet);
  std::optional<Branch> branch_;
  std::vector<std::weak_ptr<const OnPacket>> takers_;
};

}  // namespace voicecast
