// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ice/ice_session.hpp"
#include "rtp/media_limit.hpp"
#include "rtp/packet_filter.hpp"
#include "rtp/srtcp_receiver.hpp"

namespace voicecast {

/// The packets that arrive from a DirectPeer's client: DTLS waits for the main thread, RTCP is decrypted, RTP is
/// dropped, for a receiver need not send any. Functions run on the port's thread unless stated otherwise.
class DirectInbox : public IceSessionEvents {
 public:
  /// The maximum of waiting DTLS datagrams; a handshake has five in a row at most.
  static constexpr std::size_t max_waiting = 16;

  /// Called on the port's thread.
  struct Calls {
    std::function<void()> on_dtls;        ///< the first datagram waits for take_dtls()
    std::function<void(State)> on_state;  ///< connected or failed, each once
    std::function<void(std::vector<std::uint8_t> compound)> on_rtcp = {};
    std::function<void()> on_authentic;  ///< an authentic packet came
    /// The peer exceeds its limits, and is to be ended, for this reason. Once.
    std::function<void(const std::string& words)> on_excess;
  };
  DirectInbox(unsigned packets_per_second, Calls calls);

  /// Sets the consumer of the peer's RTCP. Main thread, before the first packet.
  void pass_rtcp_to(std::function<void(std::vector<std::uint8_t>)> on_rtcp) { calls_.on_rtcp = std::move(on_rtcp); }
  /// Sets the keys of the peer's packets, once; until then its RTP and RTCP are dropped. Main thread.
  void use(const SrtpKeys& keys);
  /// Takes all waiting DTLS datagrams, in order. Main thread.
  std::vector<std::vector<std::uint8_t>> take_dtls();

  void on_packet(std::span<const std::uint8_t> packet) override;
  /// Not every nomination: a peer may nominate another address with each packet, and each call wakes the main loop.
  void on_state(State state) override {
    if (state != State::nominated) calls_.on_state(state);
  }

 private:
  using Time = PacketFilter::Time;
  struct Decryption {
    explicit Decryption(const SrtpKeys& keys) : rtcp(keys), rtp(keys) {}
    SrtcpReceiver rtcp;
    SrtpVerifier rtp;
  };

  void on_dtls(Bytes packet);
  void on_rtcp(Bytes packet);
  void on_rtp(Bytes packet, Time now);

  Calls calls_;
  PacketFilter filter_;
  MediaLimit limit_;
  RefusedSources refused_;
  std::unique_ptr<Decryption> decryption_;  ///< written once before has_keys_ is set
  std::atomic<bool> has_keys_{false};
  bool is_over_ = false;  ///< drops all packets
  std::mutex mutex_;
  std::vector<std::vector<std::uint8_t>> waiting_;  ///< under the mutex
};

}  // namespace voicecast
