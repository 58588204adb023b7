// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/gio.hpp"

namespace voicecast {

/// The bytes of a connection, plain or by TLS, without blocking. Main thread.
class Transport {
 public:
  explicit Transport(GPtr<GSocket> socket);
  Transport(const Transport&) = delete;
  virtual ~Transport() = default;

  /// So many pieces at most are looked at in one write.
  static constexpr std::size_t max_pieces = 64;

  int fd() const { return fd_; }
  /// Whether it is plain TCP, to which several pieces can be written at a time.
  virtual bool is_plain() const = 0;
  /// How many bytes of `pieces` were taken: 0 when it would block. Nothing if the connection is broken. With TLS only
  /// the first piece is looked at, and what was not taken must come first next time.
  virtual std::optional<std::size_t> write(std::span<const std::string_view> pieces) = 0;
  /// How many bytes came; 0 at the end, which may be a broken connection. Nothing when it would block.
  virtual std::optional<std::size_t> read(std::span<char> to) = 0;
  /// Whether read() has something although the socket is not readable.
  virtual bool has_buffered_input() const = 0;
  /// Tells the client that nothing more is sent.
  virtual void finish_output();
  /// Ends both directions, without a word. Any thread.
  void shut_down();
  /// Keeps the kernel from taking minutes of sound for a client that does not read: what it takes and does not send is
  /// so much at most.
  void limit_unsent_bytes(int bytes);

 private:
  GPtr<GSocket> socket_;
  int fd_;
};

/// TCP, or the one end of another socket.
class PlainTransport : public Transport {
 public:
  using Transport::Transport;
  bool is_plain() const override { return true; }
  std::optional<std::size_t> write(std::span<const std::string_view> pieces) override;
  std::optional<std::size_t> read(std::span<char> to) override;
  bool has_buffered_input() const override { return false; }
};

}  // namespace voicecast
