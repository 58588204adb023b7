#pragma once

#include <memory>

#include "fanout/fan_out.hpp"
#include "rtp/voice_format.hpp"
#include "stream/gate.hpp"
#include "webrtc/peer.hpp"

namespace voicecast {

/// A receiver's place in a fan-out, from open() on. Made before the peer offers or answers.
class FanOutGate : public Gate {
 public:
  /// `fan_out` outlives it, and so does `peer`, whose agent has chosen nothing yet.
  FanOutGate(FanOut& fan_out, Peer& peer, const VoiceFormat& format, std::shared_ptr<IcePath> path);
  ~FanOutGate() override;
  Status open() override;

 private:
  void on_rtcp(const ArrivedRtcp& rtcp);

  FanOut& fan_out_;
  Peer& peer_;
  VoiceFormat format_;
  std::shared_ptr<IcePath> path_;
  std::shared_ptr<FanOutMember> member_;  ///< null before open()
};

}  // namespace voicecast
