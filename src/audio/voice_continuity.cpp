// SPDX-License-Identifier: MIT
#include "audio/voice_continuity.hpp"

#include <algorithm>

#include "audio/concealment.hpp"
#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

using Time = VoiceContinuity::Time;

std::size_t samples_in(Time time) {
  return time.count() <= 0 ? 0
                           : static_cast<std::size_t>(time / std::chrono::microseconds(1)) * opus_rate_hz / 1'000'000;
}

constexpr auto max_gap_samples = static_cast<std::int32_t>(opus_rate_hz);
static_assert(VoicePace::max_gap == std::chrono::seconds(1));

}  // namespace

/// RFC 3550 appendix A.1 for the numbers; the timestamps must agree with them.
VoiceContinuity::Step VoiceContinuity::step_to(const VoicePacket& packet) const {
  constexpr int max_dropout = 3000, max_misorder = 100;
  if (!source_ || packet.ssrc != source_->ssrc) return Step::new_beginning;
  const auto step = static_cast<std::int16_t>(packet.sequence - source_->sequence);
  if (step <= 0 && step > -max_misorder) return Step::stale;
  if (step <= 0 || step > max_dropout) return Step::new_beginning;
  const auto gap = static_cast<std::int32_t>(packet.timestamp - source_->next_timestamp);
  return gap <= max_gap_samples && gap >= -max_gap_samples ? Step::next : Step::new_beginning;
}

/// The gap before the next packet. Overlapping timestamps leave no gap.
std::size_t VoiceContinuity::gap_before(const VoicePacket& packet) const {
  const auto gap = static_cast<std::int32_t>(packet.timestamp - source_->next_timestamp);
  return static_cast<std::size_t>(std::max(gap, 0));
}

void VoiceContinuity::take(const VoicePacket& packet, Time now, const Give& give) {
  const auto step = step_to(packet);
  if (step == Step::stale) return;
  const auto ahead = pace_.ahead(now);
  if (last_packet_at_)
    fill(now, step == Step::next ? std::min(opus_time(gap_before(packet)), VoicePace::max_gap - ahead) : -ahead, give);
  source_ = {packet.ssrc, packet.sequence, packet.timestamp + static_cast<std::uint32_t>(packet.samples)};
  last_packet_at_ = now;
  if (!pace_.try_advance(now, opus_time(packet.samples), VoicePace::max_voice_ahead)) return;
  toc_ = packet.opus.front();
  give(packet.opus, packet.samples);
}

void VoiceContinuity::pass_time(Time now, const Give& give) {
  if (!last_packet_at_ || now - *last_packet_at_ <= VoicePace::max_gap) return;
  source_.reset();
  fill(now, -pace_.ahead(now), give);
}

/// A remainder shorter than the shortest frame is left to the next gap.
void VoiceContinuity::fill(Time now, Time gap, const Give& give) {
  const auto samples = samples_in(gap) / opus_min_samples * opus_min_samples;
  if (samples == 0) return;
  pace_.advance(now, opus_time(samples));
  conceal(toc_, samples, give);
}

}  // namespace voicecast
