// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/background.hpp"
#include "gst/pipeline_text.hpp"
#include "publish/publish_target.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// A target that is a GStreamer sink: appsrc → ogg.launch for Opus → the sink's text. It has a pipeline and threads of
/// its own, and all that may block (opening, stopping) runs on a queue of its own. Main thread.
class PipelineTarget : public PublishTarget {
 public:
  /// Tells the sink where to write, on the background queue and before the pipeline starts. Gives the URL.
  using Prepare = std::function<Result<std::string>(GstElement* sink)>;

  /// `text` is the name of the sink's text, whose last element is named "sink".
  static Result<std::unique_ptr<PublishTarget>> start(const PipelineTexts& texts, const std::string& text,
                                                      PublishFormat format, std::uint64_t max_backlog_bytes,
                                                      Prepare prepare, TargetEvents& events);
  ~PipelineTarget() override;

  bool feed(const EncodedFrames& frames) override;
  void finish() override;
  std::uint64_t sent_bytes() const override { return flow_->sent_bytes; }

 private:
  /// Written at the sink's pad on its streaming thread.
  struct Flow {
    std::atomic<std::uint64_t> sent_bytes{0};
    std::uint64_t arriving_bytes = 0;  ///< of the buffer that is being written
    bool is_live = false;
  };
  /// Outlived by nothing: what comes late finds no events any more. Main thread.
  struct Door {
    TargetEvents* events;
  };

  PipelineTarget(GPtr<GstElement> pipeline, GPtr<GstElement> source, std::uint64_t max_backlog_bytes,
                 TargetEvents& events);
  void watch_sink(GstElement* sink);
  void watch_bus();
  void play(Prepare prepare, GPtr<GstElement> sink);

  GPtr<GstElement> pipeline_, source_;
  std::uint64_t max_backlog_bytes_;
  std::shared_ptr<Flow> flow_ = std::make_shared<Flow>();
  std::shared_ptr<Door> door_;
  BackgroundQueue queue_;
};

}  // namespace voicecast
