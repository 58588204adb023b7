// SPDX-License-Identifier: MIT
#include "rtp/media_limit.hpp"

#include <utility>

namespace voicecast {

using namespace std::chrono_literals;

MediaLimit::Verdict MediaLimit::end(std::string reason) {
  if (reason_.empty()) ended_.fetch_add(1, std::memory_order_relaxed);
  reason_ = std::move(reason);
  return Verdict::end;
}

MediaLimit::Verdict MediaLimit::bad(const char* reason) {
  return ++bad_packets_ > tolerated_bad_packets ? end(reason) : Verdict::drop;
}

void MediaLimit::begin_second(Time now) {
  if (now - second_ < 1s) return;
  second_ = now;
  packets_ = bad_packets_ = 0;
}

MediaLimit::Verdict MediaLimit::judge(unsigned payload_type, Time now) {
  begin_second(now);
  // Twice the limit within a second is more than a burst after a pause of the network.
  if (++packets_ > 2 * packets_per_second_)
    return end("it sends more than " + std::to_string(packets_per_second_) + " packets a second");
  if (!is_agreed(payload_type)) return bad("it sends RTP with a payload type that was not agreed on");
  return packets_ > packets_per_second_ ? Verdict::drop : Verdict::pass;
}

MediaLimit::Verdict MediaLimit::judge_source(Time now) {
  begin_second(now);
  return bad("it sends from more than 4 sources (SSRC)");
}

}  // namespace voicecast
