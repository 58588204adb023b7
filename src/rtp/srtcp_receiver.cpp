// SPDX-License-Identifier: MIT
#include "rtp/srtcp_receiver.hpp"

#include <algorithm>

#include "rtp/packet_filter.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// RFC 3711 §3.4: 8 bytes in the clear; at the end the E flag with the index, and the tag.
constexpr std::size_t clear_bytes = 8, index_bytes = 4, tag_bytes = 10;
constexpr std::uint32_t encrypted_bit = 0x80000000;

}  // namespace

SrtcpReceiver::SrtcpReceiver(const SrtpKeys& keys)
    : verifier_(keys),
      cipher_(derive_session_keys(keys, SrtpUse::rtcp).cipher, derive_session_keys(keys, SrtpUse::rtcp).salt) {}

SrtcpReceiver::Source* SrtcpReceiver::find(std::uint32_t ssrc) {
  auto* const end = sources_.begin() + count_;
  auto* const found = std::find_if(sources_.begin(), end, [ssrc](const Source& one) { return one.ssrc == ssrc; });
  return found == end ? nullptr : found;
}

std::variant<std::vector<std::uint8_t>, DropReason> SrtcpReceiver::open(Bytes packet) {
  if (packet.size() < clear_bytes + index_bytes + tag_bytes) return DropReason::malformed;
  const auto size = packet.size() - index_bytes - tag_bytes;
  const auto trailer = read_u32(&packet[size]), index = trailer & ~encrypted_bit;
  const auto ssrc = read_u32(&packet[rtcp_ssrc_at]);
  auto* source = find(ssrc);
  if (source && !source->window.is_new(index)) return DropReason::unauthenticated;
  if ((trailer & encrypted_bit) == 0 || !verifier_.is_rtcp(packet)) return DropReason::unauthenticated;
  if (!source) {
    if (count_ == sources_.size()) return DropReason::source;
    source = &sources_[count_++];
    source->ssrc = ssrc;
  }
  source->window.note(index);
  std::vector<std::uint8_t> compound(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
  cipher_.apply(ssrc, index, packet.subspan(clear_bytes, size - clear_bytes), compound.data() + clear_bytes);
  return compound;
}

}  // namespace voicecast
