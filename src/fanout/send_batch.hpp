// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "ice/ice_path.hpp"

namespace voicecast {

/// Counts the unsent packets of one receiver and of all receivers: the kernel had no buffer, or rejected them. Media is
/// not queued. Any thread.
class UnsentCount {
 public:
  explicit UnsentCount(std::shared_ptr<std::atomic<std::uint64_t>> all) : all_(std::move(all)) {}
  void add_one() {
    own_.fetch_add(1, std::memory_order_relaxed);
    all_->fetch_add(1, std::memory_order_relaxed);
  }
  std::uint64_t own() const { return own_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> own_{0};
  std::shared_ptr<std::atomic<std::uint64_t>> all_;
};

/// Packets for many receivers, sent with one system call per socket. Allocates in the constructor only. One thread.
class SendBatch {
 public:
  static constexpr std::size_t max_packet_bytes = 2048 + 16;  ///< MediaLimit's, and SRTP's overhead

  SendBatch() : packets_(std::make_unique_for_overwrite<Packets>()) {}
  /// The buffer for the next packet to this path. `path` must stay valid until flush().
  std::uint8_t* room_for(const UdpPath& path);
  /// Commits the packet. `unsent`, valid until flush(), counts it if it cannot be sent.
  void add(std::size_t size, UnsentCount& unsent);
  /// Sends all packets.
  void flush();

 private:
  static constexpr unsigned capacity = 64;
  using Packets = std::array<std::array<std::uint8_t, max_packet_bytes>, capacity>;

  std::unique_ptr<Packets> packets_;
  std::array<mmsghdr, capacity> messages_{};
  std::array<iovec, capacity> contents_{};
  std::array<UnsentCount*, capacity> unsent_{};
  int socket_ = -1;
  unsigned count_ = 0;
};

}  // namespace voicecast
