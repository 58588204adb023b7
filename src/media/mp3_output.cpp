#include "media/mp3_output.hpp"

#include <gst/app/gstappsink.h>

#include "glib/gst.hpp"

namespace voicecast {
namespace {

/// The buffer's memory as GBytes, without a copy: it stays mapped until the last listener has sent it.
GPtr<GBytes> bytes_of(GstBuffer* buffer) {
  struct Mapped {
    GPtr<GstBuffer> buffer;
    GstMapInfo map{};
  };
  auto* mapped = new Mapped{GPtr<GstBuffer>::share(buffer)};
  if (!gst_buffer_map(buffer, &mapped->map, GST_MAP_READ)) {
    delete mapped;
    return {};
  }
  return GPtr<GBytes>::adopt(g_bytes_new_with_free_func(
      mapped->map.data, mapped->map.size,
      [](gpointer p) {
        auto* m = static_cast<Mapped*>(p);
        gst_buffer_unmap(m->buffer.get(), &m->map);
        delete m;
      },
      mapped));
}

/// Puts an appsink behind the branch's open end; `take` gets each buffer on the encoder's thread.
template <class F>
Status add_sink(GstElement* bin, F take) {
  const auto end = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "src"));
  if (!end) return Error{ErrorCode::failed, "mp3.launch has no open end to take the MP3 from"};
  auto* sink = gst_element_factory_make("appsink", "frames");
  g_object_set(sink, "sync", FALSE, "emit-signals", FALSE, nullptr);
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* from, gpointer p) noexcept {
    if (const auto sample = GPtr<GstSample>::adopt(gst_app_sink_pull_sample(from)))
      (*static_cast<F*>(p))(gst_sample_get_buffer(sample.get()));
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, new F(std::move(take)),
                             [](gpointer p) { delete static_cast<F*>(p); });
  const auto last = GPtr<GstPad>::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(end.get())));
  gst_ghost_pad_set_target(GST_GHOST_PAD(end.get()), nullptr);
  gst_element_remove_pad(bin, end.get());
  gst_bin_add(GST_BIN(bin), sink);
  const auto sink_pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(sink, "sink"));
  if (gst_pad_link(last.get(), sink_pad.get()) != GST_PAD_LINK_OK)
    return Error{ErrorCode::failed, "mp3.launch does not end in MP3"};
  return success();
}

}  // namespace

Result<std::shared_ptr<Mp3Output>> Mp3Output::start(const std::string& name, GPtr<GstElement> tee,
                                                    const MediaConfig& config) {
  auto bin = config.texts.build_bin("mp3", name, {{"bitrate", std::to_string(config.mp3_bitrate_kbps)}});
  if (!bin) return bin.error();
  std::shared_ptr<Mp3Output> output(new Mp3Output);
  const auto hand_over = [self = output->weak_from_this()](GstBuffer* buffer) {
    post([self, frames = bytes_of(buffer)] {
      const auto mp3 = self.lock();
      if (mp3 && frames) mp3->hand_out(frames);
    });
  };
  if (auto status = add_sink(bin->get(), hand_over); !status) return status.error();
  auto branch = Branch::attach(std::move(tee), std::move(*bin));
  if (!branch) return branch.error();
  output->branch_.emplace(std::move(*branch));
  return output;
}

Mp3Output::~Mp3Output() = default;

Mp3Output::Subscription Mp3Output::subscribe(OnFrames take) {
  auto subscription = std::make_shared<const OnFrames>(std::move(take));
  takers_.push_back(subscription);
  return subscription;
}

/// By index: a taker may subscribe or drop another one's subscription meanwhile.
void Mp3Output::hand_out(const GPtr<GBytes>& frames) {
  for (std::size_t i = 0; i < takers_.size(); ++i)
    if (const auto take = takers_[i].lock()) (*take)(frames);
  std::erase_if(takers_, [](const auto& taker) { return taker.expired(); });
}

}  // namespace voicecast
