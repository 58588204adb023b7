// SPDX-License-Identifier: MIT
#include "rtp/source_guard.hpp"

#include "rtp/rtp_packet.hpp"

namespace voicecast {

bool SourceGuard::is_authentic(PacketKind kind, Bytes packet) {
  if (!verifier_) {
    const auto keys = keys_();
    if (!keys) return false;
    verifier_.emplace(*keys);
  }
  return kind == PacketKind::rtp ? verifier_->is_first_rtp(packet) : verifier_->is_rtcp(packet);
}

SourceGuard::Verdict SourceGuard::judge(Bytes packet) {
  const auto kind = kind_of(packet);
  if (kind == PacketKind::dtls) return Verdict::pass;
  const bool is_rtp = kind == PacketKind::rtp;
  // srtpdec handles RTP that it cannot parse as RTCP, and reads the SSRC from another offset.
  if (kind == PacketKind::malformed || (is_rtp && !read_rtp(packet))) return Verdict::unauthenticated;
  const auto ssrc = read_u32(&packet[is_rtp ? rtp_ssrc_at : rtcp_ssrc_at]);
  if (filter_.rtp_sources().has(ssrc) || (!is_rtp && filter_.rtcp_sources().has(ssrc))) return Verdict::pass;
  if (!is_authentic(kind, packet)) return Verdict::unauthenticated;
  auto& sources = is_rtp ? filter_.rtp_sources() : filter_.rtcp_sources();
  if (sources.add(ssrc)) return Verdict::pass;
  return is_rtp && refused_.is_new(ssrc, read_u16(&packet[rtp_sequence_at])) ? Verdict::excess : Verdict::refused;
}

}  // namespace voicecast
