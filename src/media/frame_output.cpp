#include "media/frame_output.hpp"

#include "media/appsink.hpp"
#include "media/voice_filter.hpp"

namespace voicecast {
namespace {

GPtr<GBytes> join(const GPtr<GBytes>& first, const GPtr<GBytes>& second) {
  if (!first) return second;
  GByteArray* both = g_byte_array_new();
  for (auto* part : {first.get(), second.get()}) {
    gsize size = 0;
    const auto* data = static_cast<const guint8*>(g_bytes_get_data(part, &size));
    g_byte_array_append(both, data, static_cast<guint>(size));
  }
  return GPtr<GBytes>::adopt(g_byte_array_free_to_bytes(both));
}

/// Puts an appsink behind the branch's open end; `take` gets each buffer on the branch's thread.
template <class F>
Status add_sink(GstElement* bin, F take) {
  const auto end = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "src"));
  if (!end) return Error{ErrorCode::failed, "the pipeline has no open end to take frames from"};
  auto* sink = gst_element_factory_make("appsink", "frames");
  g_object_set(sink, "sync", FALSE, "async", FALSE, "emit-signals", FALSE, nullptr);
  on_buffers(sink, std::move(take));
  const auto last = GPtr<GstPad>::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(end.get())));
  gst_ghost_pad_set_target(GST_GHOST_PAD(end.get()), nullptr);
  gst_element_remove_pad(bin, end.get());
  gst_bin_add(GST_BIN(bin), sink);
  const auto sink_pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(sink, "sink"));
  if (gst_pad_link(last.get(), sink_pad.get()) != GST_PAD_LINK_OK)
    return Error{ErrorCode::failed, "the pipeline's end cannot be linked"};
  return success();
}

}  // namespace

Status FrameOutput::attach(GPtr<GstElement> tee, GPtr<GstElement> bin) {
  const auto hand_over = [self = weak_from_this()](GstBuffer* buffer) {
    post([self, frame = copy_of(buffer), is_header = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_HEADER)] {
      const auto output = self.lock();
      if (output && frame) output->hand_out(frame, is_header);
    });
  };
  if (auto status = add_sink(bin.get(), hand_over); !status) return status;
  if (auto status = let_voice_in_only(bin.get()); !status) return status;
  auto branch = Branch::attach(std::move(tee), std::move(bin));
  if (!branch) return branch.error();
  branch_.emplace(std::move(*branch));
  return success();
}

void FrameOutput::hand_out(const GPtr<GBytes>& frame, bool is_header) {
  if (is_header) header_ = join(header_, frame);
  takers_.hand_out(frame);
}

}  // namespace voicecast
