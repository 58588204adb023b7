#include "media/media_limit.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rtp_header_bytes = 12;  // RFC 3550 §5.1

std::uint8_t byte(std::string_view head, std::size_t at) { return static_cast<std::uint8_t>(head[at]); }

/// RFC 7983 §7: STUN, DTLS and others begin with other bytes; RFC 5761 §4: what RTCP's packet types look like here.
bool is_rtp(std::string_view head) {
  if (head.size() < rtp_header_bytes || byte(head, 0) < 128 || byte(head, 0) > 191) return false;
  const auto type = byte(head, 1) & 0x7F;
  return type < 64 || type > 95;
}

}  // namespace

bool MediaLimit::is_known(std::uint32_t ssrc) {
  const auto end = ssrcs_.begin() + static_cast<std::ptrdiff_t>(ssrc_count_);
  if (std::find(ssrcs_.begin(), end, ssrc) != end) return true;
  if (ssrc_count_ == max_ssrcs) return false;
  ssrcs_[ssrc_count_++] = ssrc;
  return true;
}

MediaLimit::Verdict MediaLimit::end(std::string reason) {
  if (reason_.empty()) ended_.fetch_add(1, std::memory_order_relaxed);
  reason_ = std::move(reason);
  return Verdict::end;
}

MediaLimit::Verdict MediaLimit::bad(const char* reason) {
  return ++bad_packets_ > tolerated_bad_packets ? end(reason) : Verdict::drop;
}

MediaLimit::Verdict MediaLimit::judge(std::string_view head, std::size_t size, Time now) {
  if (now - second_ >= 1s) {
    second_ = now;
    packets_ = bad_packets_ = 0;
  }
  // Twice the limit in one second is no burst after a pause of the network.
  if (++packets_ > 2 * packets_per_second_)
    return end("it sends more than " + std::to_string(packets_per_second_) + " packets a second");
  if (packets_ > packets_per_second_) return Verdict::drop;
  if (size > max_packet_bytes) return bad("it sends packets of more than 2048 bytes");
  if (!is_rtp(head)) return Verdict::pass;
  const auto payload_type = byte(head, 1) & 0x7FU;
  if (payload_type != payload_type_ && payload_type != rtx_payload_type_)
    return bad("it sends RTP with a payload type that was not agreed on");
  const auto ssrc =
      static_cast<std::uint32_t>(byte(head, 8) << 24 | byte(head, 9) << 16 | byte(head, 10) << 8 | byte(head, 11));
  return is_known(ssrc) ? Verdict::pass : bad("it sends from more than 4 sources (SSRC)");
}

}  // namespace voicecast
