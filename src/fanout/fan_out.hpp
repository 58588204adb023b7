// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/main_loop.hpp"
#include "fanout/packet_fan.hpp"
#include "gst/gst.hpp"

namespace voicecast {

/// Sends what comes to a stream's tee to all its WebRTC receivers, past their webrtcbins. Main thread.
class FanOut {
 public:
  /// Adds to `unsent` what cannot be sent to them.
  FanOut(GstElement* tee, std::shared_ptr<std::atomic<std::uint64_t>> unsent);
  FanOut(const FanOut&) = delete;
  ~FanOut();

  /// A receiver is connected, and his certificate is the right one: he gets packets from now on.
  std::shared_ptr<FanOutMember> join(FanOutMember::Terms terms);
  void leave(const std::shared_ptr<FanOutMember>& member);
  /// Packets for who asks for them again.
  PacketRing& ring() { return fan_->ring(); }

 private:
  void tick();

  GPtr<GstPad> input_;
  std::shared_ptr<std::atomic<std::uint64_t>> unsent_;
  std::shared_ptr<PacketFan> fan_;  ///< the probe holds it, too, which may be called a moment longer
  gulong probe_;
  Timer seconds_;
};

}  // namespace voicecast
