// SPDX-License-Identifier: MIT
#include "rtp/rtp_packet.hpp"

#include <algorithm>

namespace voicecast {

std::optional<RtpPacket> read_rtp(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t extension_head_bytes = 4;
  if (bytes.size() < rtp::fixed_header_bytes || bytes[0] >> 6 != 2) return std::nullopt;
  const std::size_t kept = rtp::fixed_header_bytes + 4 * (bytes[0] & 0x0FU);
  auto payload_at = kept;
  if (bytes[0] & rtp::extension_bit) {
    if (bytes.size() < kept + extension_head_bytes) return std::nullopt;
    payload_at += extension_head_bytes + 4 * std::size_t{read_u16(&bytes[kept + 2])};
  }
  if (bytes.size() < payload_at) return std::nullopt;
  return RtpPacket{bytes.first(kept), bytes.subspan(payload_at), read_u16(&bytes[2]), read_u32(&bytes[4]),
                   read_u32(&bytes[8])};
}

std::optional<std::span<const std::uint8_t>> unpadded_payload(const RtpPacket& packet) {
  const auto payload = packet.payload;
  if (!(packet.header[0] & rtp::padding_bit)) return payload;
  if (payload.empty() || payload.back() == 0 || payload.back() > payload.size()) return std::nullopt;
  return payload.first(payload.size() - payload.back());
}

rtp::Header plain_header(const RtpPacket& packet, unsigned payload_type) {
  rtp::Header header;
  std::ranges::copy(packet.header, header.begin());
  header[0] = static_cast<std::uint8_t>(header[0] & ~rtp::extension_bit);
  header[1] = static_cast<std::uint8_t>((header[1] & rtp::marker_bit) | payload_type);
  return header;
}

}  // namespace voicecast
