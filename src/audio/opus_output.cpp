// SPDX-License-Identifier: MIT
#include "audio/opus_output.hpp"

#include "base/bytes.hpp"
#include "gst/appsink.hpp"
#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The interval at which a pause continues: live listeners must not underrun for long.
constexpr auto pause_interval = 100ms;

VoiceContinuity::Time now() { return std::chrono::steady_clock::now().time_since_epoch(); }

}  // namespace

Result<std::shared_ptr<OpusOutput>> OpusOutput::start(const std::string& name, GPtr<GstElement> tee,
                                                      const PipelineTexts& texts) {
  auto bin = texts.build_bin("opus", name);
  if (!bin) return bin.error();
  const auto sink = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin->get()), "packets"));
  if (!sink || !GST_IS_APP_SINK(sink.get()))
    return Error{ErrorCode::failed, "opus.launch needs an appsink named \"packets\""};
  const auto rtp = GPtr<GstCaps>::adopt(gst_caps_new_empty_simple("application/x-rtp"));
  g_object_set(sink.get(), "caps", rtp.get(), nullptr);
  std::shared_ptr<OpusOutput> output(new OpusOutput);
  on_buffers(sink.get(), [self = output->weak_from_this()](GstBuffer* buffer) {
    post([self, packet = copy_of(buffer), came_at = now()] {
      const auto opus = self.lock();
      if (opus && packet) opus->take(packet, came_at);
    });
  });
  auto branch = Branch::attach(std::move(tee), std::move(*bin));
  if (!branch) return branch.error();
  output->branch_.emplace(std::move(*branch));
  return output;
}

OpusOutput::OpusOutput()
    : give_([this](std::span<const std::uint8_t> packet, std::size_t samples) { hand_out(packet, samples); }) {
  pause_ = every(pause_interval, [this] {
    continuity_.pass_time(now(), give_);
    return true;
  });
}

void OpusOutput::take(const GPtr<GBytes>& rtp, Time came_at) {
  if (const auto voice = read_voice(octets_of(rtp.get()))) continuity_.take(*voice, came_at, give_);
}

void OpusOutput::hand_out(std::span<const std::uint8_t> packet, std::size_t samples) {
  const auto at = opus_time(given_samples_);
  given_samples_ += samples;
  subscribers_.hand_out({GPtr<GBytes>::adopt(g_bytes_new(packet.data(), packet.size())), at});
}

}  // namespace voicecast
