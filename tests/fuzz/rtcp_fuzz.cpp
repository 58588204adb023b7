// SPDX-License-Identifier: MIT

// Packets of receivers, and of senders: what is read of them lies within them.

#include <cstdint>
#include <cstdlib>

#include "rtp/rtcp_packet.hpp"
#include "rtp/rtp_packet.hpp"

using namespace voicecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto feedback = read_rtcp({data, size}, 0xCAFEBABE);
  if (feedback.missing.size() > ReceiverFeedback::max_missing) std::abort();
  if (feedback.report) static_cast<void>(round_trip(*feedback.report, 0));
  if (const auto packet = read_rtp({data, size}))
    if (packet->header.data() != data || packet->payload.data() + packet->payload.size() != data + size) std::abort();
  return 0;
}
