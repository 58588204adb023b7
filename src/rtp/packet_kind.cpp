// SPDX-License-Identifier: MIT
#include "rtp/packet_kind.hpp"

namespace voicecast {
namespace {

/// Minimum sizes in bytes: RFC 8489 §5 · a record header, RFC 6347 §4.1 · RFC 3550 §5.1 with the shortest tag (RFC 5764
/// §4.1.2) · RFC 3711 §3.4: 8 bytes of cleartext, index and tag.
constexpr std::size_t shortest_stun = 20, shortest_dtls = 13, shortest_srtp = 12 + 4, shortest_srtcp = 8 + 4 + 10;

PacketKind at_least(std::size_t shortest, std::size_t size, PacketKind kind) {
  return size < shortest ? PacketKind::malformed : kind;
}

/// Compound RTCP must begin with a packet whose SSRC is in the clear (RFC 3711 §3.4): a report, or feedback alone (RFC
/// 5506). With another first packet srtpdec reads the SSRC from encrypted bytes.
bool names_its_source(std::span<const std::uint8_t> head) {
  constexpr std::uint8_t sender_report = 200, receiver_report = 201, goodbye = 203, application = 204,
                         transport_feedback = 205, payload_feedback = 206;
  const auto type = head[1];
  return type == sender_report || type == receiver_report || type == application || type == transport_feedback ||
         type == payload_feedback || (type == goodbye && (head[0] & 0x1FU) > 0);
}

}  // namespace

PacketKind kind_of(std::span<const std::uint8_t> packet) { return kind_of(packet, packet.size()); }

PacketKind kind_of(std::span<const std::uint8_t> head, std::size_t size) {
  if (head.size() < 2) return PacketKind::malformed;
  const auto first = head[0];
  if (first <= 3) return at_least(shortest_stun, size, PacketKind::stun);
  if (first >= 20 && first <= 63) return at_least(shortest_dtls, size, PacketKind::dtls);
  if (first < 128 || first > 191) return PacketKind::malformed;
  const auto type = head[1] & 0x7FU;
  if (type < 64 || type > 95) return at_least(shortest_srtp, size, PacketKind::rtp);
  return names_its_source(head) ? at_least(shortest_srtcp, size, PacketKind::rtcp) : PacketKind::malformed;
}

}  // namespace voicecast
