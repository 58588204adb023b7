// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace voicecast {

/// What a datagram, or an RFC 4571 frame, on a port of WebRTC can be.
enum class PacketKind { malformed, stun, dtls, rtp, rtcp };

/// By the first byte (RFC 7983 §7) and RTCP's packet types (RFC 5761 §4). What is empty, shorter than the shortest
/// packet of its kind, or of no kind that we use is malformed: it ends where it is looked at, and never gets into
/// GStreamer, which makes buffers of empty packets that nothing may read (1.22). Pure.
PacketKind kind_of(std::span<const std::uint8_t> packet);
/// The same of a packet of `size` bytes, of which `head` is the first two or more, if it has so many.
PacketKind kind_of(std::span<const std::uint8_t> head, std::size_t size);

/// The largest packet of WebRTC: they are made to fit into an Ethernet frame. (Opus at its highest rate fills 1275
/// bytes in 20 ms, RFC 6716 §3.2.1.)
inline constexpr std::size_t max_packet_bytes = 2048;

}  // namespace voicecast
