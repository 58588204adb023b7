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

/// Sends each packet that comes to a stream's tee to all its WebRTC receivers, past their webrtcbins.
///
/// Two threads meet here. The voice's thread brings the packets and waits for nothing: it reads the list of members
/// that is current when a packet comes, and says that it does. A join or leave on the main thread puts another list in
/// its place and frees the old one later, when the voice's thread does not read it.
class FanOut {
 public:
  /// Adds to `unsent` the packets that cannot be sent to receivers. Main thread, as all that follows.
  FanOut(GstElement* tee, std::shared_ptr<std::atomic<std::uint64_t>> unsent);
  FanOut(const FanOut&) = delete;
  /// Waits until no packet is under way: no longer than one packet takes.
  ~FanOut();

  /// A connected receiver, whose certificate is the right one, gets packets: from the next one on.
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

  // The main thread's half
  gulong watch_input();
  void change(Members members);
  void tick();

  GPtr<GstPad> input_;
  std::shared_ptr<std::atomic<std::uint64_t>> unsent_;
  std::unique_ptr<const Members> current_ = std::make_unique<const Members>();
  std::vector<std::unique_ptr<const Members>> old_;

  // Shared
  std::atomic<const Members*> published_{current_.get()}, in_use_{nullptr};
  PacketRing ring_;
  std::atomic<std::uint32_t> clock_offset_{0};  ///< of the packets' clock to ours
  std::atomic<bool> has_clock_{false};
  std::atomic<bool> is_input_gone_{false};  ///< no more calls of send(), and none under way

  // The voice's thread's half
  void send(GstBuffer* packet);
  std::optional<std::uint64_t> index_of(const RtpPacket& packet);
  void send_to_members(const RtpPacket& packet, std::uint64_t index);

  SrtpIndex indexes_;
  std::optional<std::uint32_t> ssrc_;
  SendBatch batch_;

  // The last ones: packets and seconds come as soon as these are made.
  gulong probe_;
  Timer seconds_;
};

}  // namespace voicecast
