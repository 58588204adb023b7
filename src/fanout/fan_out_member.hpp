// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "access/rate_limit.hpp"
#include "fanout/packet_ring.hpp"
#include "fanout/rtcp_inbox.hpp"
#include "fanout/send_batch.hpp"
#include "ice/ice_path.hpp"
#include "rtp/reception_report.hpp"
#include "rtp/rtcp_packet.hpp"
#include "rtp/rtp_packet.hpp"
#include "rtp/srtp.hpp"

namespace voicecast {

/// Follows a path from one thread.
class PathFollower {
 public:
  explicit PathFollower(std::shared_ptr<IcePath> path) : path_(std::move(path)) {}
  const IcePath::Way& way();

 private:
  std::shared_ptr<IcePath> path_;
  std::optional<unsigned> version_;
  IcePath::Way way_;
};

/// One receiver of a fan-out: his keys, his numbers and the way to him. His packets are the thread's that brings the
/// voice, his RTCP is the main thread's, and what they share is atomic.
class FanOutMember {
 public:
  /// What was agreed on with him.
  struct Terms {
    SrtpKeys keys;
    std::uint32_t ssrc = 0;
    unsigned payload_type = 0;
    std::string cname = {};
    std::shared_ptr<IcePath> path;
    std::shared_ptr<RtcpInbox> rtcp = {};  ///< decrypted; null: none comes
  };
  /// What cannot be sent to him is added to `unsent`.
  FanOutMember(Terms terms, std::shared_ptr<std::atomic<std::uint64_t>> unsent);

  /// Puts the member's form of the packet into the batch, or sends it where there is no socket. `index` is the packet's
  /// among all of the voice, each larger than the one before (see SrtpIndex). On the voice's thread.
  void take(const RtpPacket& packet, std::uint64_t index, SendBatch& batch);

  /// Tells him how the packets' clock and ours belong together; at the same time it keeps the way to him open while
  /// there are no packets. Main thread, as all that follows.
  void report(std::uint64_t ntp, std::uint32_t rtp_time);
  /// Each second; reports the first time, and then every few.
  void tick(std::uint64_t ntp, std::uint32_t rtp_time);
  /// Reads what came from him, decrypted. Sends again what he asks for, from the ring; gives his report, if there is
  /// one.
  std::optional<ReceptionReport> on_rtcp(Bytes compound, std::chrono::system_clock::time_point at, PacketRing& ring);
  /// The same with all that waits in the inbox; the last report is reception().
  void read_inbox(PacketRing& ring);
  const std::optional<ReceptionReport>& reception() const { return reception_; }
  std::uint64_t unsent_packets() const { return unsent_.his(); }

 private:
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  rtp::Header his_header(const RtpPacket& packet, std::uint16_t sequence) const;
  void send_at_once(const IcePath::Way& way, Bytes packet);
  void resend(std::uint16_t sequence, PacketRing& ring, PacketRing::Time now);

  const Terms terms_;
  UnsentCount unsent_;

  // The voice's thread's
  SrtpSender srtp_;
  PathFollower path_;

  // Written by the voice's thread. The first two once, before there is a highest index. An index of his is the voice's
  // less the shift, and its last 16 bits are the sequence number.
  std::uint64_t first_index_ = 0, shift_ = 0;
  std::atomic<std::uint64_t> highest_index_{none};
  std::atomic<std::uint32_t> packets_{0}, octets_{0};

  // The main thread's
  SrtcpSender srtcp_;
  std::optional<SrtpSender> srtp_again_;
  PathFollower rtcp_path_;
  RateLimit resends_;
  std::optional<ReceptionReport> reception_;
  unsigned seconds_ = 0;
};

}  // namespace voicecast
