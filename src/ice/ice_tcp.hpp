// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "rtp/packet_kind.hpp"

namespace voicecast {

/// A peer's TCP connection: packets with their length in front (RFC 4571). It is closed with its last owner.
class IceTcpLink {
 public:
  /// Takes a connected socket that does not block.
  explicit IceTcpLink(int socket) : socket_(socket) {}
  ~IceTcpLink();
  IceTcpLink(const IceTcpLink&) = delete;

  int socket() const { return socket_; }
  /// Sends a packet, or keeps what the socket does not take now; a packet that finds much of that is dropped, as a
  /// router would. Any thread; never blocks.
  void send(std::span<const std::uint8_t> packet);
  /// Sends what was kept. False: the connection is broken. Any thread.
  bool flush();
  /// Reads what is there and gives each whole packet, none of them empty. False: it is over, or holds a packet that is
  /// too large. One thread.
  bool read(const std::function<void(std::span<const std::uint8_t>)>& on_packet);

  /// Half a second of a voice and its overhead.
  static constexpr std::size_t max_kept_bytes = 16 * 1024;

 private:
  bool send_kept();  // with the mutex

  int socket_;
  std::mutex mutex_;
  std::vector<std::uint8_t> kept_;  ///< under the mutex
  std::array<std::uint8_t, 2 * (2 + max_packet_bytes)> read_{};
  std::size_t filled_ = 0;
};

}  // namespace voicecast
