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

/// Follows the changes of a path. One thread.
class PathFollower {
 public:
  explicit PathFollower(std::shared_ptr<IcePath> path) : path_(std::move(path)) {}
  const IcePath::Way& way();

 private:
  std::shared_ptr<IcePath> path_;
  std::optional<unsigned> version_;
  IcePath::Way way_;
};

/// One receiver of a fan-out: its keys, sequence numbers and path. The jitter buffer's thread sends its packets, the
/// main thread handles its RTCP; their shared state is atomic.
class FanOutMember {
 public:
  /// The negotiated parameters.
  struct Terms {
    SrtpKeys keys;
    std::uint32_t ssrc = 0;
    unsigned payload_type = 0;
    std::string cname = {};
    std::shared_ptr<IcePath> path;
    std::shared_ptr<RtcpInbox> rtcp = {};  ///< decrypted; null: none comes
  };
  /// Adds packets that cannot be sent to `unsent`.
  FanOutMember(Terms terms, std::shared_ptr<std::atomic<std::uint64_t>> unsent);

  /// Adds the member's form of the packet to the batch, or sends it if the path has no socket. `index` is the packet's
  /// in the voice, increasing (see SrtpIndex). On the jitter buffer's thread.
  void take(const RtpPacket& packet, std::uint64_t index, SendBatch& batch);

  /// Sends a sender report, which relates the packets' clock to wall-clock time, and keeps NAT bindings alive without
  /// media. Main thread, as all functions below.
  void report(std::uint64_t ntp, std::uint32_t rtp_time);
  /// Call once per second; reports at the first call, and then every few seconds.
  void tick(std::uint64_t ntp, std::uint32_t rtp_time);
  /// Processes decrypted RTCP: answers NACKs from the ring; gives the receiver's report, if there is one.
  std::optional<ReceptionReport> on_rtcp(Bytes compound, std::chrono::system_clock::time_point at, PacketRing& ring);
  /// The same with all that waits in the inbox; the last report is reception().
  void read_inbox(PacketRing& ring);
  const std::optional<ReceptionReport>& reception() const { return reception_; }
  std::uint64_t unsent_packets() const { return unsent_.own(); }

 private:
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  rtp::Header receiver_header(const RtpPacket& packet, std::uint16_t sequence) const;
  void send_at_once(const IcePath::Way& way, Bytes packet);
  void resend(std::uint16_t sequence, PacketRing& ring, PacketRing::Time now);

  const Terms terms_;
  UnsentCount unsent_;

  // Used by the jitter buffer's thread
  SrtpSender srtp_;
  PathFollower path_;

  // Written by the jitter buffer's thread. The first two once, before the first highest index. The receiver's index is
  // the voice's minus the shift, and its last 16 bits are the sequence number.
  std::uint64_t first_index_ = 0, shift_ = 0;
  std::atomic<std::uint64_t> highest_index_{none};
  std::atomic<std::uint32_t> packets_{0}, octets_{0};

  // Used by the main thread
  SrtcpSender srtcp_;
  std::optional<SrtpSender> srtp_again_;
  PathFollower rtcp_path_;
  RateLimit resends_;
  std::optional<ReceptionReport> reception_;
  unsigned seconds_ = 0;
};

}  // namespace voicecast
