// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/gio.hpp"

namespace voicecast {

/// The byte stream of a connection, plain or by TLS, without blocking. Owns the socket. Main thread.
class Transport {
 public:
  explicit Transport(GPtr<GSocket> socket);
  Transport(const Transport&) = delete;
  virtual ~Transport() = default;

  /// The maximum of pieces per write.
  static constexpr std::size_t max_pieces = 64;

  int fd() const { return fd_; }
  /// Whether it is plain TCP, which writes several pieces at a time.
  virtual bool is_plain() const = 0;
  /// Writes `pieces`; gives the number of accepted bytes, 0 if it would block, nothing if the connection is broken. TLS
  /// writes the first piece only, and the unaccepted bytes must come first in the next call.
  virtual std::optional<std::size_t> write(std::span<const std::string_view> pieces) = 0;
  /// Reads into `to`; gives the number of bytes, 0 at the end or on a broken connection, nothing if it would block.
  virtual std::optional<std::size_t> read(std::span<char> to) = 0;
  /// Whether read() has bytes although the socket is not readable.
  virtual bool has_buffered_input() const = 0;
  /// Closes the sending direction.
  virtual void finish_output();
  /// Closes both directions, without TLS's closure alert. Any thread.
  void shut_down();
  /// Limits the bytes that the kernel buffers unsent, so that it does not hold minutes of audio for a client that does
  /// not read.
  void limit_unsent_bytes(int bytes);

 private:
  GPtr<GSocket> socket_;
  int fd_;
};

/// Plain TCP, or an end of another stream socket.
class PlainTransport : public Transport {
 public:
  using Transport::Transport;
  bool is_plain() const override { return true; }
  std::optional<std::size_t> write(std::span<const std::string_view> pieces) override;
  std::optional<std::size_t> read(std::span<char> to) override;
  bool has_buffered_input() const override { return false; }
};

}  // namespace voicecast
