#include "media/opus_output.hpp"

#include "media/appsink.hpp"
#include "media/voice_filter.hpp"

namespace voicecast {
namespace {

/// A packet is a few dozen bytes, so it is copied.
PublishFrames packet_of(GstBuffer* buffer) {
  PublishFrames packet{copy_of(buffer), std::nullopt};
  if (GST_BUFFER_PTS_IS_VALID(buffer)) packet.at = std::chrono::nanoseconds(GST_BUFFER_PTS(buffer));
  return packet;
}

}  // namespace

Result<std::shared_ptr<OpusOutput>> OpusOutput::start(const std::string& name, GPtr<GstElement> tee,
                                                      const MediaConfig& config) {
  auto bin = config.texts.build_bin("opus", name);
  if (!bin) return bin.error();
  const auto sink = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin->get()), "packets"));
  if (!sink || !GST_IS_APP_SINK(sink.get()))
    return Error{ErrorCode::failed, "opus.launch needs an appsink named \"packets\""};
  if (auto status = let_voice_in_only(bin->get()); !status) return status.error();
  std::shared_ptr<OpusOutput> output(new OpusOutput);
  on_buffers(sink.get(), [self = output->weak_from_this()](GstBuffer* buffer) {
    post([self, packet = packet_of(buffer)] {
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
