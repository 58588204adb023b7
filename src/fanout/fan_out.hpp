// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "base/main_loop.hpp"
#include "fanout/fan_out_member.hpp"
#include "gst/gst.hpp"

namespace voicecast {

/// Sends each packet that arrives at a stream's tee to all its WebRTC receivers, without their webrtcbins.
///
/// Two threads use it. The jitter buffer's thread sends the packets and never blocks: for each packet it reads the
/// current list of members (`published_`) and marks it as in use (`in_use_`). join() and leave() on the main thread
/// publish a new list, and free the old one once it is not in use.
class FanOut {
 public:
  /// Adds the number of packets that cannot be sent to receivers to `unsent`. All public functions: main thread.
  FanOut(GstElement* tee, std::shared_ptr<std::atomic<std::uint64_t>> unsent);
  FanOut(const FanOut&) = delete;
  /// Waits until no packet is under way: no longer than one packet takes.
  ~FanOut();

  /// Adds a receiver that is connected and whose certificate is verified; it gets the packets from the next one on.
  std::shared_ptr<FanOutMember> join(FanOutMember::Terms terms);
  /// A packet that is under way may still go to the member.
  void leave(const std::shared_ptr<FanOutMember>& member);
  /// Frees the members that have left, unless a packet is under way to them. Happens each second, too.
  void tidy();
  /// Packets for receivers that ask for them again.
  PacketRing& ring() { return ring_; }
  /// What the packets' clock shows at that time; nothing before the first packet.
  std::optional<std::uint32_t> rtp_time(PacketRing::Time now) const;

 private:
  using Members = std::vector<std::shared_ptr<FanOutMember>>;

  // The main thread
  gulong watch_input();
  void change(Members members);
  void tick();

  GPtr<GstPad> input_;
  std::shared_ptr<std::atomic<std::uint64_t>> unsent_;
  std::unique_ptr<const Members> current_ = std::make_unique<const Members>();
  std::vector<std::unique_ptr<const Members>> old_;

  // Both threads
  std::atomic<const Members*> published_{current_.get()}, in_use_{nullptr};
  PacketRing ring_;
  std::atomic<std::uint32_t> clock_offset_{0};  ///< of the packets' clock to ours
  std::atomic<bool> has_clock_{false};
  std::atomic<bool> is_input_gone_{false};  ///< no more calls of send(), and none under way

  // The jitter buffer's thread
  void send(GstBuffer* packet);
  std::optional<std::uint64_t> index_of(const RtpPacket& packet);
  void send_to_members(const RtpPacket& packet, std::uint64_t index);

  SrtpIndex indexes_;
  std::optional<std::uint32_t> ssrc_;
  SendBatch batch_;

  // Declared last: their callbacks use the members above, and may run as soon as these are initialised.
  gulong probe_;
  Timer seconds_;
};

}  // namespace voicecast
