// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "fanout/fan_out_member.hpp"

namespace voicecast {

/// Sends each packet of a voice to all members. The voice's thread waits for nothing: it reads the list of members that
/// is current when a packet comes, and says that it does; a join or leave puts another list in its place and frees the
/// old one later, when nobody reads it.
class PacketFan {
 public:
  using Members = std::vector<std::shared_ptr<FanOutMember>>;

  PacketFan() : current_(std::make_unique<const Members>()) { published_ = current_.get(); }
  /// No packet may be under way.
  ~PacketFan() = default;
  PacketFan(const PacketFan&) = delete;

  /// On the voice's thread.
  void send(GstBuffer* packet);

  /// From the next packet on; one that is under way may still go to the old ones. Main thread, as all that follows.
  void change(Members members);
  const Members& members() const { return *current_; }
  /// Frees the old lists that nobody reads any more, and with them the members who left.
  void tidy();
  /// Waits until no packet is under way that would go to who left: no longer than one packet takes.
  void finish();
  PacketRing& ring() { return ring_; }
  /// What the packets' clock shows at that time; nothing before the first one.
  std::optional<std::uint32_t> rtp_time(PacketRing::Time now) const;

 private:
  std::optional<std::uint64_t> index_of(const RtpPacket& packet);
  void send_to_members(const RtpPacket& packet, std::uint64_t index);

  // The main thread's
  std::unique_ptr<const Members> current_;
  std::vector<std::unique_ptr<const Members>> old_;

  // Shared
  std::atomic<const Members*> published_, in_use_{nullptr};
  PacketRing ring_;
  std::atomic<std::uint32_t> clock_offset_{0};  ///< of the packets' clock to ours
  std::atomic<bool> has_clock_{false};

  // The voice's thread's
  SrtpIndex indexes_;
  std::optional<std::uint32_t> ssrc_;
  SendBatch batch_;
};

}  // namespace voicecast
