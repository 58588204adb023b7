#include "media/opus_output.hpp"

#include <gst/app/gstappsink.h>

#include "glib/gst.hpp"

namespace voicecast {
namespace {

/// A packet is a few dozen bytes, so it is copied.
PublishFrames packet_of(GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return {};
  PublishFrames packet{GPtr<GBytes>::adopt(g_bytes_new(map.data, map.size)), std::nullopt};
  gst_buffer_unmap(buffer, &map);
  if (GST_BUFFER_PTS_IS_VALID(buffer)) packet.at = std::chrono::nanoseconds(GST_BUFFER_PTS(buffer));
  return packet;
}

/// `take` gets each packet on the branch's thread.
template <class F>
void on_packets(GstElement* sink, F take) {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* from, gpointer p) noexcept {
    if (const auto sample = GPtr<GstSample>::adopt(gst_app_sink_pull_sample(from)))
      (*static_cast<F*>(p))(packet_of(gst_sample_get_buffer(sample.get())));
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, new F(std::move(take)),
                             [](gpointer p) { delete static_cast<F*>(p); });
}

}  // namespace

Result<std::shared_ptr<OpusOutput>> OpusOutput::start(const std::string& name, GPtr<GstElement> tee,
                                                      const MediaConfig& config) {
  auto bin = config.texts.build_bin("opus", name);
  if (!bin) return bin.error();
  const auto sink = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin->get()), "packets"));
  if (!sink || !GST_IS_APP_SINK(sink.get()))
    return Error{ErrorCode::failed, "opus.launch needs an appsink named \"packets\""};
  std::shared_ptr<OpusOutput> output(new OpusOutput);
  on_packets(sink.get(), [self = output->weak_from_this()](const PublishFrames& packet) {
    post([self, packet] {
      const auto opus = self.lock();
      if (opus && packet.bytes) opus->takers_.hand_out(packet);
    });
  });
  auto branch = Branch::attach(std::move(tee), std::move(*bin));
  if (!branch) return branch.error();
  output->branch_.emplace(std::move(*branch));
  return output;
}

}  // namespace voicecast
