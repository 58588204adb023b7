#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "glib/gio.hpp"

namespace voicecast {

/// A connection that was taken from libsoup, plain or TLS, read and written without blocking. Main thread.
class ClientSocket {
 public:
  /// `stream` is written to unless the connection `is_plain`: then `socket` below it is.
  ClientSocket(GPtr<GIOStream> stream, GSocket* socket, bool is_plain);
  ClientSocket(ClientSocket&&) = default;
  ClientSocket& operator=(ClientSocket&&) = delete;
  /// Closes it in the background: TLS says goodbye first.
  ~ClientSocket();

  /// So many pieces at most are looked at in one write.
  static constexpr std::size_t max_pieces = 64;

  int fd() const { return fd_; }
  /// Whether it is plain TCP, to which several pieces can be written at a time.
  bool is_plain() const { return is_plain_; }
  /// How many bytes of `pieces` were taken: 0 when it would block. Nothing if the connection is broken. With TLS only
  /// the first piece is looked at, and what was not taken must come first next time.
  std::optional<std::size_t> write(std::span<const std::string_view> pieces);
  /// Reads and forgets all there is. False at the end of what the client has to say.
  bool read_and_discard();

 private:
  std::optional<std::size_t> write_stream(std::string_view bytes);
  GPtr<GIOStream> stream_;
  int fd_;
  bool is_plain_;
};

}  // namespace voicecast
