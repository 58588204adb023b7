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

/// A peer's TCP connection with RFC 4571 framing (a length before each packet). Owns the socket.
class IceTcpLink {
 public:
  /// Takes ownership of a connected non-blocking socket.
  explicit IceTcpLink(int socket) : socket_(socket) {}
  ~IceTcpLink();
  IceTcpLink(const IceTcpLink&) = delete;

  int socket() const { return socket_; }
  /// Sends a packet; buffers the bytes that the socket does not accept. Drops the packet if the buffer is full, as a
  /// router would. Any thread; never blocks.
  void send(std::span<const std::uint8_t> packet);
  /// Sends buffered bytes. False: the connection is broken. Any thread.
  bool flush();
  /// Reads available bytes and calls `on_packet` with each complete, non-empty packet. False: the connection has ended,
  /// or has a packet that is too large. One thread.
  bool read(const std::function<void(std::span<const std::uint8_t>)>& on_packet);

  /// The largest buffer in bytes: half a second of voice with overhead.
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
