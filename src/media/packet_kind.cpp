#include "media/packet_kind.hpp"

namespace voicecast {
namespace {

/// RFC 8489 §5 · RFC 6347 §4.1, the head of a record · RFC 3550 §5.1, with the shortest tag (RFC 5764 §4.1.2) ·
/// RFC 3711 §3.4: 8 bytes in the clear, index and tag.
constexpr std::size_t shortest_stun = 20, shortest_dtls = 13, shortest_srtp = 12 + 4, shortest_srtcp = 8 + 4 + 10;

PacketKind at_least(std::size_t shortest, std::size_t size, PacketKind kind) {
  return size < shortest ? PacketKind::malformed : kind;
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
  return type >= 64 && type <= 95 ? at_least(shortest_srtcp, size, PacketKind::rtcp)
                                  : at_least(shortest_srtp, size, PacketKind::rtp);
}

}  // namespace voicecast
