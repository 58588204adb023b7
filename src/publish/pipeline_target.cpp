// SPDX-License-Identifier: MIT
#include "publish/pipeline_target.hpp"

#include <gst/app/gstappsrc.h>

#include <utility>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

constexpr const char* mp3_caps =
    "audio/mpeg,mpegversion=1,mpegaudioversion=1,layer=3,rate=44100,channels=2,parsed=true";
constexpr const char* opus_caps = "audio/x-opus,channel-mapping-family=0,channels=2,rate=48000";

GPtr<GstElement> make_source(PublishFormat format, std::uint64_t max_bytes) {
  auto source = GPtr<GstElement>::adopt(gst_element_factory_make("appsrc", "frames"));
  const auto caps = GPtr<GstCaps>::adopt(gst_caps_from_string(format == PublishFormat::mp3 ? mp3_caps : opus_caps));
  g_object_set(source.get(), "caps", caps.get(), "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes", max_bytes,
               "block", FALSE, nullptr);
  return source;
}

Status add_behind(GstElement* pipeline, GPtr<GstElement>& last, const Result<GPtr<GstElement>>& next) {
  if (!next) return next.error();
  gst_bin_add(GST_BIN(pipeline), (*next).get());
  if (!gst_element_link(last.get(), (*next).get()))
    return Error{ErrorCode::failed, "the sink does not accept the audio"};
  last = *next;
  return success();
}

/// A buffer that shares the frames' memory.
GPtr<GstBuffer> buffer_of(const EncodedFrames& frames) {
  auto buffer = GPtr<GstBuffer>::adopt(gst_buffer_new_wrapped_bytes(frames.bytes.get()));
  if (frames.at) GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(frames.at->count());
  return buffer;
}

/// The error's message, and the last line of GStreamer's details, the library's own error. (Earlier lines are source
/// locations.)
Error error_of(GstMessage* message) {
  GError* raw = nullptr;
  char* raw_details = nullptr;
  gst_message_parse_error(message, &raw, &raw_details);
  const GUnique<GError> error(raw);
  const GUnique<char> details(raw_details);
  if (g_error_matches(raw, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    return {ErrorCode::failed, "the disk is full"};
  std::string words = error->message;
  const std::string all = details ? details.get() : "";
  const auto line = all.rfind('\n');
  if (line != std::string::npos) words += " " + all.substr(line + 1);
  return {ErrorCode::failed, words};
}

}  // namespace

Result<std::unique_ptr<PublishTarget>> PipelineTarget::start(const PipelineTexts& texts, const std::string& text,
                                                             PublishFormat format, std::uint64_t max_backlog_bytes,
                                                             Prepare prepare, TargetEvents& events) {
  auto pipeline = GPtr<GstElement>::adopt(gst_pipeline_new(text.c_str()));
  auto source = make_source(format, max_backlog_bytes);
  gst_bin_add(GST_BIN(pipeline.get()), source.get());
  auto last = source;
  if (format == PublishFormat::opus)
    if (auto added = add_behind(pipeline.get(), last, texts.build_bin("ogg", "ogg")); !added) return added.error();
  if (auto added = add_behind(pipeline.get(), last, texts.build_bin(text, "target")); !added) return added.error();
  auto sink = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "sink"));
  if (!sink) return Error{ErrorCode::failed, text + ".launch needs an element named \"sink\""};
  std::unique_ptr<PipelineTarget> target(
      new PipelineTarget(std::move(pipeline), std::move(source), max_backlog_bytes, events));
  target->watch_sink(sink.get());
  target->watch_bus();
  target->play(std::move(prepare), std::move(sink));
  return std::unique_ptr<PublishTarget>(std::move(target));
}

PipelineTarget::PipelineTarget(GPtr<GstElement> pipeline, GPtr<GstElement> source, std::uint64_t max_backlog_bytes,
                               TargetEvents& events)
    : pipeline_(std::move(pipeline)),
      source_(std::move(source)),
      max_backlog_bytes_(max_backlog_bytes),
      link_(std::make_shared<BackLink>(BackLink{&events})) {}

PipelineTarget::~PipelineTarget() {
  link_->events = nullptr;
  source_ = {};
  queue_.run([pipeline = std::move(pipeline_)] { gst_element_set_state(pipeline.get(), GST_STATE_NULL); });
}

/// A buffer's arrival shows that the sink has written the previous one. (The first one opens the connection.)
void PipelineTarget::watch_sink(GstElement* sink) {
  using Shared = std::pair<std::shared_ptr<Flow>, std::shared_ptr<BackLink>>;
  const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(sink, "sink"));
  gst_pad_add_probe(
      pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
        const auto& [flow, link] = *static_cast<Shared*>(p);
        const bool is_buffer = (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0;
        if (!is_buffer && GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS) return GST_PAD_PROBE_OK;
        flow->sent_bytes += flow->arriving_bytes;
        if (flow->arriving_bytes > 0 && !std::exchange(flow->is_live, true))
          post([link = link] {
            if (link->events) link->events->on_target_live();
          });
        flow->arriving_bytes = is_buffer ? gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info)) : 0;
        return GST_PAD_PROBE_OK;
      },
      new Shared(flow_, link_), [](gpointer p) { delete static_cast<Shared*>(p); });
}

void PipelineTarget::watch_bus() {
  using Shared = std::shared_ptr<BackLink>;
  const auto bus = GPtr<GstBus>::adopt(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(
      bus.get(),
      [](GstBus*, GstMessage* message, gpointer p) noexcept {
        const auto& link = *static_cast<Shared*>(p);
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
          post([link, error = error_of(message)] {
            if (link->events) link->events->on_target_failed(error);
          });
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
          post([link] {
            if (link->events) link->events->on_target_finished();
          });
        gst_message_unref(message);
        return GST_BUS_DROP;
      },
      new Shared(link_), [](gpointer p) { delete static_cast<Shared*>(p); });
}

void PipelineTarget::play(Prepare prepare, GPtr<GstElement> sink) {
  queue_.run([pipeline = pipeline_, link = link_, prepare = std::move(prepare), sink = std::move(sink)] {
    const auto url = prepare(sink.get());
    if (!url)
      return post([link, error = url.error()] {
        if (link->events) link->events->on_target_failed(error);
      });
    post([link, url = *url] {
      if (link->events) link->events->on_target_at(url);
    });
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);  // errors arrive on the bus
  });
}

bool PipelineTarget::feed(const EncodedFrames& frames) {
  auto* source = GST_APP_SRC(source_.get());
  if (gst_app_src_get_current_level_bytes(source) + g_bytes_get_size(frames.bytes.get()) > max_backlog_bytes_)
    return false;
  // An appsrc that is not started or has failed accepts nothing; the bus reports the error.
  return gst_app_src_push_buffer(source, buffer_of(frames).release()) == GST_FLOW_OK;
}

void PipelineTarget::finish() { gst_app_src_end_of_stream(GST_APP_SRC(source_.get())); }

}  // namespace voicecast
