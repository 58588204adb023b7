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

/// A target with a GStreamer sink: appsrc → ogg.launch for Opus → the sink's text. It has its own pipeline and threads;
/// blocking calls (start, stop) run on its own background queue. Main thread.
class PipelineTarget : public PublishTarget {
 public:
  /// Configures the sink, on the background queue before the pipeline starts. Returns the effective URL.
  using Prepare = std::function<Result<std::string>(GstElement* sink)>;

  /// `text`: the name of the sink's text, whose last element is named "sink".
  static Result<std::unique_ptr<PublishTarget>> start(const PipelineTexts& texts, const std::string& text,
                                                      PublishFormat format, std::uint64_t max_backlog_bytes,
                                                      Prepare prepare, TargetEvents& events);
  ~PipelineTarget() override;

  bool feed(const EncodedFrames& frames) override;
  void finish() override;
  std::uint64_t sent_bytes() const override { return flow_->sent_bytes; }

 private:
  /// Written by a probe of the sink's pad, on the streaming thread.
  struct Flow {
    std::atomic<std::uint64_t> sent_bytes{0};
    std::uint64_t arriving_bytes = 0;  ///< the size of the buffer being written
    bool is_live = false;
  };
  /// Reset in the destructor: late callbacks find it empty. Main thread.
  struct BackLink {
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
  std::shared_ptr<BackLink> link_;
  BackgroundQueue queue_;
};

}  // namespace voicecast
