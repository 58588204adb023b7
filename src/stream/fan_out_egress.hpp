// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "fanout/fan_out.hpp"
#include "rtp/voice_format.hpp"
#include "stream/egress.hpp"
#include "webrtc/receiver_peer.hpp"

namespace voicecast {

/// Sends by a fan-out, on the path of the receiver's peer and with the keys of its DTLS handshake. Construct it before
/// the peer offers or answers. Main thread.
class FanOutEgress : public ReceiverEgress {
 public:
  /// `fan_out` and `peer` outlive it.
  FanOutEgress(FanOut& fan_out, ReceiverPeer& peer, const VoiceFormat& format);
  ~FanOutEgress() override;
  Status open() override;
  std::optional<ReceptionReport> reception() const override;

 private:
  FanOut& fan_out_;
  ReceiverPeer& peer_;
  VoiceFormat format_;
  std::shared_ptr<IcePath> path_;
  std::shared_ptr<RtcpInbox> rtcp_ = std::make_shared<RtcpInbox>();
  std::shared_ptr<std::function<void()>> read_inbox_;  ///< for RTCP that needs a prompt response
  std::shared_ptr<FanOutMember> member_;               ///< null before open()
};

}  // namespace voicecast
