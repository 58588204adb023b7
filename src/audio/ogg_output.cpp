// SPDX-License-Identifier: MIT
#include "audio/ogg_output.hpp"

#include "base/bytes.hpp"
#include "rtp/opus_packet.hpp"

namespace voicecast {

OggOutput::OggOutput(std::shared_ptr<OpusOutput> opus, std::string_view title)
    : pages_(g_random_int(), title), opus_(std::move(opus)) {
  packets_ = opus_->subscribe([this](const EncodedFrames& packet) { take(packet); });
}

void OggOutput::take(const EncodedFrames& packet) {
  const auto octets = octets_of(packet.bytes.get());
  if (const auto page = pages_.add(octets, opus_samples(octets)); !page.empty()) hand_out(bytes_of(page));
}

GPtr<GBytes> OggOutput::end() {
  packets_.reset();
  return bytes_of(pages_.end());
}

}  // namespace voicecast
