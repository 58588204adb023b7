// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace voicecast {

/// An RTP packet (RFC 3550 §5.1): views of bytes that the caller owns.
struct RtpPacket {
  std::span<const std::uint8_t> header;   ///< the fixed header and the CSRC list, without extension
  std::span<const std::uint8_t> payload;  ///< including padding
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0, ssrc = 0;

  unsigned payload_type() const { return header[1] & 0x7FU; }
};

namespace rtp {

constexpr std::size_t fixed_header_bytes = 12, max_header_bytes = fixed_header_bytes + 4 * 15;
constexpr std::uint8_t padding_bit = 0x20, extension_bit = 0x10, marker_bit = 0x80;
using Header = std::array<std::uint8_t, max_header_bytes>;

}  // namespace rtp

/// Nothing for bytes that are not RTP. The header still says whether an extension and padding follow. Pure.
std::optional<RtpPacket> read_rtp(std::span<const std::uint8_t> bytes);

/// The payload without its padding, whose last byte is its length (RFC 3550 §5.1); nothing if that length is
/// impossible. For decrypted packets only: SRTP encrypts the padding, too. Pure.
std::optional<std::span<const std::uint8_t>> unpadded_payload(const RtpPacket& packet);

/// The packet's header, as long as before, with this payload type and without a header extension. Pure.
rtp::Header plain_header(const RtpPacket& packet, unsigned payload_type);

/// Network byte order.
inline std::uint16_t read_u16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }
inline std::uint32_t read_u32(const std::uint8_t* at) {
  return std::uint32_t{read_u16(at)} << 16 | std::uint32_t{read_u16(at + 2)};
}
inline void write_u16(std::uint8_t* at, unsigned value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
inline void write_u32(std::uint8_t* at, std::uint64_t value) {
  write_u16(at, static_cast<unsigned>(value >> 16 & 0xFFFF));
  write_u16(at + 2, static_cast<unsigned>(value & 0xFFFF));
}

}  // namespace voicecast
