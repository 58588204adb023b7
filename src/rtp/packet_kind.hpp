// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace voicecast {

/// The kind of a datagram, or of an RFC 4571 frame, on a WebRTC port.
enum class PacketKind { malformed, stun, dtls, rtp, rtcp };

/// Classifies a packet by its first byte (RFC 7983 §7) and RTCP's packet types (RFC 5761 §4). Packets that are empty,
/// shorter than the minimum of their kind or of an unsupported kind are malformed: they must not enter GStreamer, whose
/// buffers of empty packets cannot be read (1.22). Pure.
PacketKind kind_of(std::span<const std::uint8_t> packet);
/// The same for a packet of `size` bytes, of which `head` holds the first two or more, if there are that many. Pure.
PacketKind kind_of(std::span<const std::uint8_t> head, std::size_t size);

/// The largest accepted packet in bytes: WebRTC packets fit into an Ethernet frame. (Opus at its highest rate needs
/// 1275 bytes for 20 ms, RFC 6716 §3.2.1.)
inline constexpr std::size_t max_packet_bytes = 2048;

}  // namespace voicecast
