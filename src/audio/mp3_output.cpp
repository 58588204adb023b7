// SPDX-License-Identifier: MIT
#include "audio/mp3_output.hpp"

#include "audio/pacer.hpp"
#include "audio/voice_filter.hpp"
#include "gst/appsink.hpp"
#include "gst/cpu_time.hpp"

namespace voicecast {
namespace {

/// Replaces the text's element named "pace", a placeholder, by the pacer.
Status put_pacer(GstElement* bin) {
  const auto place = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin), "pace"));
  if (!place) return Error{ErrorCode::failed, "mp3.launch needs an element named \"pace\""};
  const auto sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(place.get(), "sink"));
  const auto source = GPtr<GstPad>::adopt(gst_element_get_static_pad(place.get(), "src"));
  const auto before = sink ? GPtr<GstPad>::adopt(gst_pad_get_peer(sink.get())) : GPtr<GstPad>();
  const auto behind = source ? GPtr<GstPad>::adopt(gst_pad_get_peer(source.get())) : GPtr<GstPad>();
  if (!before || !behind) return Error{ErrorCode::failed, "mp3.launch: \"pace\" must stand between two elements"};
  gst_bin_remove(GST_BIN(bin), place.get());
  auto* pacer = make_pacer();
  gst_object_set_name(GST_OBJECT(pacer), "pace");
  gst_bin_add(GST_BIN(bin), pacer);
  const auto new_sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(pacer, "sink"));
  const auto new_source = GPtr<GstPad>::adopt(gst_element_get_static_pad(pacer, "src"));
  if (gst_pad_link(before.get(), new_sink.get()) != GST_PAD_LINK_OK ||
      gst_pad_link(new_source.get(), behind.get()) != GST_PAD_LINK_OK)
    return Error{ErrorCode::failed, "mp3.launch: at \"pace\" the voice must be S16LE, 44100 Hz, stereo"};
  return success();
}

/// Measures both threads: the decoder's, which ends at the pacer, and the pacer's, which encodes.
void count_cpu_times(GstElement* bin, const std::shared_ptr<EncoderTimes>& times) {
  const auto pacer = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin), "pace"));
  const auto sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(pacer.get(), "sink"));
  const auto source = GPtr<GstPad>::adopt(gst_element_get_static_pad(pacer.get(), "src"));
  count_cpu_time(sink.get(), {times, &times->decoding_ns});
  count_cpu_time(source.get(), {times, &times->encoding_ns});
}

}  // namespace

Result<GPtr<GstElement>> build_mp3_branch(const std::string& name, const PipelineTexts& texts, unsigned bitrate_kbps) {
  auto bin = texts.build_bin("mp3", name, {{"bitrate", std::to_string(bitrate_kbps)}});
  if (!bin) return bin;
  if (auto status = put_pacer(bin->get()); !status) return status.error();
  if (auto status = let_voice_in_only(bin->get()); !status) return status.error();
  return bin;
}

Result<std::shared_ptr<Mp3Output>> Mp3Output::start(const std::string& name, GPtr<GstElement> tee,
                                                    const PipelineTexts& texts, unsigned bitrate_kbps,
                                                    const std::shared_ptr<EncoderTimes>& times) {
  auto bin = build_mp3_branch(name, texts, bitrate_kbps);
  if (!bin) return bin.error();
  count_cpu_times(bin->get(), times);
  std::shared_ptr<Mp3Output> output(new Mp3Output);
  if (auto status = output->add_sink(bin->get()); !status) return status.error();
  auto branch = Branch::attach(std::move(tee), std::move(*bin));
  if (!branch) return branch.error();
  output->branch_.emplace(std::move(*branch));
  return output;
}

/// Puts an appsink behind the branch's open end.
Status Mp3Output::add_sink(GstElement* bin) {
  const auto end = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "src"));
  if (!end) return Error{ErrorCode::failed, "mp3.launch has no unlinked source pad"};
  auto* sink = gst_element_factory_make("appsink", "frames");
  g_object_set(sink, "sync", FALSE, "async", FALSE, "emit-signals", FALSE, nullptr);
  on_buffers(sink, [self = weak_from_this()](GstBuffer* buffer) {
    post([self, frame = copy_of(buffer)] {
      const auto output = self.lock();
      if (output && frame) output->hand_out(frame);
    });
  });
  const auto last = GPtr<GstPad>::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(end.get())));
  gst_ghost_pad_set_target(GST_GHOST_PAD(end.get()), nullptr);
  gst_element_remove_pad(bin, end.get());
  gst_bin_add(GST_BIN(bin), sink);
  const auto sink_pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(sink, "sink"));
  if (gst_pad_link(last.get(), sink_pad.get()) != GST_PAD_LINK_OK)
    return Error{ErrorCode::failed, "mp3.launch: its end cannot be linked"};
  return success();
}

}  // namespace voicecast
