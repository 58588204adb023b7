#include "stream/fan_out_gate.hpp"

#include "base/log.hpp"
#include "webrtc/bypass.hpp"
#include "webrtc/dtls_keys.hpp"

namespace voicecast {

FanOutGate::FanOutGate(FanOut& fan_out, Peer& peer, const VoiceFormat& format, std::shared_ptr<IcePath> path)
    : fan_out_(fan_out), peer_(peer), format_(format), path_(std::move(path)) {
  peer_.divert_media([this](const ArrivedRtcp& rtcp) { on_rtcp(rtcp); });
}

FanOutGate::~FanOutGate() {
  peer_.divert_media([](const ArrivedRtcp&) {});
  if (!member_) return;
  fan_out_.leave(member_);
  if (const auto unsent = member_->unsent_packets())
    log_info(std::to_string(unsent) + " packets to a receiver were dropped: the network did not take them");
}

Status FanOutGate::open() {
  if (member_) return success();
  auto keys = sending_keys(peer_.element());
  if (!keys) return keys.error();
  if (!format_.ssrc) return Error{ErrorCode::failed, "the stream has no source (SSRC)"};
  end_reports(peer_.element());
  member_ = fan_out_.join({*keys, *format_.ssrc, format_.payload_type, cname(peer_.element()), path_});
  return success();
}

void FanOutGate::on_rtcp(const ArrivedRtcp& rtcp) {
  if (!member_) return;
  if (const auto reception = member_->on_rtcp(rtcp.compound, rtcp.at, fan_out_.ring()))
    peer_.note_reception(*reception);
}

}  // namespace voicecast
