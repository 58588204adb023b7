#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "glib/ptr.hpp"
#include "media/branch.hpp"
#include "media/media_config.hpp"

namespace voicecast {

/// The MP3 encoder of one stream, started when this is made and stopped when it is dropped. Main thread.
class Mp3Output : public std::enable_shared_from_this<Mp3Output> {
 public:
  /// Called on the main loop with whole MP3 frames, to be shared and not copied.
  using OnFrames = std::function<void(const GPtr<GBytes>& frames)>;

  /// Starts the encoder (pipelines/mp3.launch) behind `tee`. `name` is unique in the pipeline.
  static Result<std::shared_ptr<Mp3Output>> start(const std::string& name, GPtr<GstElement> tee,
                                                  const MediaConfig& config);
  ~Mp3Output();

  using Subscription = std::shared_ptr<const OnFrames>;

  /// Gives `take` all frames from now on, for as long as the subscription is held.
  [[nodiscard]] Subscription subscribe(OnFrames take);

 private:
  Mp3Output() = default;
  void hand_out(const GPtr<GBytes>& frames);
  std::optional<Branch> branch_;
  std::vector<std::weak_ptr<const OnFrames>> takers_;
};

}  // namespace voicecast
