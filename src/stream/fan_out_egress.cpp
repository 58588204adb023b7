// SPDX-License-Identifier: MIT
#include "stream/fan_out_egress.hpp"

#include "base/log.hpp"
#include "base/main_loop.hpp"
#include "webrtc/media_terms.hpp"

namespace voicecast {

FanOutEgress::FanOutEgress(FanOut& fan_out, ReceiverPeer& peer, const VoiceFormat& format)
    : fan_out_(fan_out),
      peer_(peer),
      format_(format),
      path_(peer.ice_path()),
      read_inbox_(std::make_shared<std::function<void()>>([this] {
        if (member_) member_->read_inbox(fan_out_.ring());
      })) {
  peer.pass_rtcp_to([inbox = rtcp_, read = std::weak_ptr(read_inbox_)](std::vector<std::uint8_t> packet) {
    if (!inbox->put(std::move(packet))) return;
    post([read] {
      if (const auto call = read.lock()) (*call)();
    });
  });
}

FanOutEgress::~FanOutEgress() {
  if (!member_) return;
  fan_out_.leave(member_);
  if (const auto unsent = member_->unsent_packets())
    log_info(std::to_string(unsent) + " packets to a receiver were dropped: the network did not take them");
}

Status FanOutEgress::open() {
  if (member_) return success();
  if (!format_.ssrc) return Error{ErrorCode::failed, "the stream has no source (SSRC)"};
  auto terms = peer_.media_terms();
  if (!terms) return terms.error();
  member_ = fan_out_.join({terms->keys, *format_.ssrc, format_.payload_type, terms->cname, path_, rtcp_});
  return success();
}

std::optional<ReceptionReport> FanOutEgress::reception() const { return member_ ? member_->reception() : std::nullopt; }

}  // namespace voicecast
